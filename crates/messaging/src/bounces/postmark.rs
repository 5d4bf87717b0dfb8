//! Reports of a mail service, as Postmark documents its webhooks for deliveries, bounces and spam complaints
//! (postmarkapp.com/developer/webhooks; the kinds of bounces: postmarkapp.com/developer/api/bounce-api). A mail takes
//! our token along as metadata, by the header `X-PM-Metadata-delivery`, and the report brings it back.

use contract::mail::MailReport;
use platform::keys::MasterKey;

use super::report::{Fate, Report};
use crate::mail_tokens;

/// The report; none: it is of no mail of ours, or of something that does not matter.
pub(super) fn read(keys: &MasterKey, said: &MailReport) -> Option<Report> {
    let delivery = mail_tokens::returned(keys, said.metadata.get("delivery")?)?;
    let fate = match said.record_type.as_str() {
        "Delivery" => Fate::Arrived,
        "SpamComplaint" => Fate::Unwanted,
        "Bounce" => of_bounce(said.kind.as_deref().unwrap_or("")),
        _ => return None,
    };
    let words = [&said.details, &said.description].into_iter().flatten().find(|text| !text.is_empty());
    Some(Report::new(delivery, fate, words.map_or(said.record_type.as_str(), String::as_str)))
}

fn of_bounce(kind: &str) -> Fate {
    match kind {
        "HardBounce" | "BadEmailAddress" => Fate::Returned { for_good: true },
        "SpamComplaint" => Fate::Unwanted,
        "SoftBounce"
        | "DnsError"
        | "Blocked"
        | "SpamNotification"
        | "VirusNotification"
        | "DMARCPolicy"
        | "ManuallyDeactivated"
        | "Undeliverable" => Fate::Returned { for_good: false },
        // Late, answered by a machine, or unknown: it may still have arrived.
        _ => Fate::Nothing,
    }
}
