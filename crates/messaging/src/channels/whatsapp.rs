//! WhatsApp, by its Cloud API: `POST /{phone number id}/messages`
//! (<https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>). It knows no key by which it
//! sends once.
//!
//! A text is taken within 24 hours of the reader's last message. Whoever writes at other times names a template that
//! WhatsApp has approved; its body has one variable, `{{1}}`, which holds all that is said.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;
use serde_json::{Value, json};

use super::exchange::{self, Answer, api, needed, setting};
use super::meta::{self, Fault};
use super::words::{cut, in_one_line, whole};
use super::{Accepted, Channel, Parcel, Refusal, Refused};

/// What a text may have.
const MOST: usize = 4096;
/// What a variable of a template may have; line breaks and runs of blanks are refused in it.
const MOST_IN_TEMPLATE: usize = 1024;

/// The Cloud API.
pub(super) struct Whatsapp(pub Outside);

impl Channel for Whatsapp {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Whatsapp {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let (number, token) = (needed(parcel, "phone_number_id")?, needed(parcel, "access_token")?);
        let address = format!("{}/{number}/messages", api(parcel, meta::API));
        let body = body(parcel);
        let answer =
            exchange::post(&self.0, &address, |request| request.bearer_auth(token).json(&body)).await?;
        if answer.took() {
            let id = answer.json()["messages"][0]["id"].as_str().map(str::to_owned);
            return Ok(Accepted { provider_id: id });
        }
        Err(meta::refused(&answer, |fault| meaning(&answer, fault)))
    }
}

fn body(parcel: &Parcel) -> Value {
    let mut body = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": parcel.address.trim_start_matches('+'),
    });
    if let Some(template) = setting(parcel, "template") {
        let language = setting(parcel, "template_language").unwrap_or(&parcel.message.locale);
        let text = cut(&in_one_line(&whole(&parcel.message, MOST)), MOST_IN_TEMPLATE);
        body["type"] = "template".into();
        body["template"] = json!({
            "name": template,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": text}]}],
        });
    } else {
        body["type"] = "text".into();
        body["text"] = json!({"preview_url": false, "body": whole(&parcel.message, MOST)});
    }
    body
}

/// By the codes of <https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes>.
fn meaning(answer: &Answer, fault: &Fault) -> Option<Refusal> {
    Some(match fault.code {
        // Too fast, or too much that readers did not want.
        130_429 | 131_048 => Refusal::Busy(answer.retry_after()),
        // Too much to this one reader: others are not concerned.
        131_056 => Refusal::Later,
        // Passing faults of theirs.
        131_000 | 131_016 | 131_057 | 133_004 => Refusal::Later,
        // No such number at WhatsApp, or one that cannot be written to.
        131_026 => Refusal::Gone,
        // The reader has not written for 24 hours, takes no such messages, or the message itself is wrong.
        100 | 130_472 | 131_008 | 131_009 | 131_021 | 131_030 | 131_047 | 131_049 | 131_050 | 131_051 => {
            Refusal::Never
        }
        // Not paid for, locked, not set up; a template that is unknown, paused or has other variables.
        368 | 131_005 | 131_031 | 131_037 | 131_042 | 131_045 | 132_000..133_000 | 133_010 => {
            Refusal::Account
        }
        _ => return None,
    })
}
