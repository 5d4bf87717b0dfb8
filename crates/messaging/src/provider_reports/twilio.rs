//! What Twilio reports, as a form (<https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>,
//! <https://www.twilio.com/docs/messaging/guides/webhook-request>).

use contract::deliveries::DeliveryState;

use super::service::{Became, Said};

/// Words by which a reader wants nothing more, and by which they do again
/// (<https://help.twilio.com/articles/223134027>).
const STOP: [&str; 8] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"];
const START: [&str; 3] = ["START", "YES", "UNSTOP"];

/// The fields of a form.
pub(super) fn fields(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// What they say.
pub(super) fn read(fields: &[(String, String)]) -> Vec<Said> {
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if let Some(status) = field("MessageStatus") {
        let state = match status {
            "delivered" | "read" => DeliveryState::Delivered,
            "undelivered" | "failed" => DeliveryState::Returned,
            // On its way.
            _ => return Vec::new(),
        };
        let Some(id) = field("MessageSid") else { return Vec::new() };
        let code = field("ErrorCode").filter(|code| !code.is_empty() && state == DeliveryState::Returned);
        return vec![Said::Became(Became {
            provider_id: id.to_owned(),
            state,
            why: code.map(|code| format!("the provider reports error {code}")),
            gone: code == Some("21610"),
        })];
    }
    let (Some(from), Some(text)) = (field("From"), field("Body")) else { return Vec::new() };
    let word = text.trim().to_uppercase();
    let said = match field("OptOutType") {
        Some("STOP") => Some(true),
        Some("START") => Some(false),
        Some(_) => None,
        None if STOP.contains(&word.as_str()) => Some(true),
        None if START.contains(&word.as_str()) => Some(false),
        None => None,
    };
    match said {
        Some(true) => vec![Said::Left(from.to_owned())],
        Some(false) => vec![Said::Back(from.to_owned())],
        None => Vec::new(),
    }
}
