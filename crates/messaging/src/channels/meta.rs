//! What WhatsApp and Messenger have in common: the Graph API and how it refuses
//! (<https://developers.facebook.com/docs/graph-api/guides/error-handling>).

use serde_json::Value;

use super::exchange::Answer;
use super::{Refusal, Refused};

/// Where the API stands, with the version that is spoken.
pub(super) const API: &str = "https://graph.facebook.com/v24.0";

/// What an error of the API says.
pub(super) struct Fault {
    pub code: i64,
    pub subcode: i64,
    words: String,
}

impl Fault {
    /// What the answer says; none when it is not of the API's form.
    pub fn of(answer: &Answer) -> Option<Self> {
        let said = answer.json();
        let error = &said["error"];
        let code = error["code"].as_i64()?;
        let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (message, details) = (words(&error["message"]), words(&error["error_data"]["details"]));
        let subcode = error["error_subcode"].as_i64().unwrap_or(0);
        let words = if details.is_empty() { message } else { details };
        Some(Self { code, subcode, words: format!("{code} {words}") })
    }
}

/// The refusal, by `own` for the codes of a product and by the codes of the whole API otherwise.
pub(super) fn refused(answer: &Answer, own: impl FnOnce(&Fault) -> Option<Refusal>) -> Refused {
    let Some(fault) = Fault::of(answer) else { return answer.refused(answer.meaning(), "") };
    let what = own(&fault).unwrap_or_else(|| match fault.code {
        // Of the API itself, and passing.
        1 | 2 => Refusal::Later,
        // Too many calls: by the app, the user, the page, the account.
        4 | 17 | 32 | 613 | 80007 => Refusal::Busy(answer.retry_after()),
        // The key, or what it may do.
        0 | 3 | 10 | 102 | 190 | 200..300 => Refusal::Account,
        _ => answer.meaning(),
    });
    answer.refused(what, &fault.words)
}
