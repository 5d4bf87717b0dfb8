//! Reading a message of the mailbox. What programs read of it is a part of a type of its own; where a report names
//! its delivery (the address it came to, the letter it brings along) differs from server to server, so the token is
//! looked for everywhere.

use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use platform::keys::MasterKey;
use uuid::Uuid;

use super::fields::{groups, value};
use super::status;
use crate::mail_tokens;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It arrived.
    Arrived,
    /// It came back; `for_good`: so will all others to this address.
    Returned { for_good: bool },
    /// Its reader reported it as unwanted.
    Unwanted,
    /// Nothing yet, or nothing that matters: it is late, or was passed on.
    Nothing,
}

/// A report about a mail of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// The mail.
    pub delivery: Uuid,
    /// What became of it.
    pub fate: Fate,
    /// What the other side said.
    pub detail: String,
}

/// How many messages a report may hold.
const MOST_NESTED: usize = 10;

/// How many parts say that they are messages, at least.
fn nested(bytes: &[u8]) -> usize {
    let kind = |name: &[u8]| bytes.windows(name.len()).filter(|part| part.eq_ignore_ascii_case(name)).count();
    kind(b"message/rfc822") + kind(b"message/global")
}

/// What is kept of what the other side said.
const MOST_SAID: usize = 500;

impl Report {
    pub(super) fn new(delivery: Uuid, fate: Fate, detail: &str) -> Self {
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        Self { delivery, fate, detail: detail.trim().chars().take(MOST_SAID).map(plain).collect() }
    }
}

/// The report that a message is; none: it is none, or of no mail of ours.
pub(super) fn read(keys: &MasterKey, bytes: &[u8]) -> Option<Report> {
    // A message in a message in a message: nobody reports so, and reading it would cost a step of the stack for each.
    if nested(bytes) > MOST_NESTED {
        return None;
    }
    let message = MessageParser::default().parse(bytes)?;
    let (fate, detail) = fate(&message)?;
    let delivery = mail_tokens::returned_in(keys, bytes).or_else(|| in_parts(keys, &message))?;
    Some(Report::new(delivery, fate, &detail))
}

/// The delivery named in a part that travelled encoded.
fn in_parts(keys: &MasterKey, message: &Message<'_>) -> Option<Uuid> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => in_parts(keys, inner),
        _ => mail_tokens::returned_in(keys, part.contents()),
    })
}

fn fate(message: &Message<'_>) -> Option<(Fate, String)> {
    message.parts.iter().find_map(|part| {
        let kind = part.content_type()?;
        let text = || String::from_utf8_lossy(part.contents()).into_owned();
        match (kind.ctype(), kind.subtype()?.to_ascii_lowercase().as_str()) {
            // The second for addresses beyond ASCII (RFC 6533).
            ("message", "delivery-status" | "global-delivery-status") => of_status(&text()),
            ("message", "feedback-report") => of_feedback(&text()),
            _ => None,
        }
    })
}

/// RFC 3464, 2.3: of each recipient what was done, and why. Our mails have one recipient.
fn of_status(text: &str) -> Option<(Fate, String)> {
    let groups = groups(text);
    let recipient = groups.iter().find(|group| value(group, "action").is_some())?;
    let said = value(recipient, "diagnostic-code");
    let code = value(recipient, "status").and_then(status::in_text);
    let fate = match value(recipient, "action")?.to_ascii_lowercase().as_str() {
        "failed" => {
            // Some servers say no more than 5.0.0 there, and what it was in the words.
            let closer = said.and_then(status::in_text).or(code);
            Fate::Returned { for_good: closer.is_some_and(status::Status::nothing_arrives) }
        }
        "delivered" => Fate::Arrived,
        "delayed" | "relayed" | "expanded" => Fate::Nothing,
        _ => return None,
    };
    let detail = said.or_else(|| value(recipient, "status")).unwrap_or("");
    Some((fate, detail.to_owned()))
}

/// RFC 5965, 3.1, and RFC 6430.
fn of_feedback(text: &str) -> Option<(Fate, String)> {
    let groups = groups(text);
    let fields = groups.first()?;
    let kind = value(fields, "feedback-type")?.to_ascii_lowercase();
    let fate = match kind.as_str() {
        "abuse" | "fraud" => Fate::Unwanted,
        _ => Fate::Nothing,
    };
    Some((fate, format!("{kind}: {}", value(fields, "user-agent").unwrap_or("its mail service"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(action: &str, code: &str, said: &str) -> Option<(Fate, String)> {
        let said =
            if said.is_empty() { String::new() } else { format!("Diagnostic-Code: smtp;\r\n {said}\r\n") };
        of_status(&format!(
            "Reporting-MTA: dns; mx.demo.example\r\n\r\nFinal-Recipient: rfc822; fan@demo.example\r\n\
             Action: {action}\r\nStatus: {code}\r\n{said}"
        ))
    }

    #[test]
    fn what_was_done_is_read() {
        let good = Fate::Returned { for_good: true };
        let once = Fate::Returned { for_good: false };
        assert_eq!(status("failed", "5.1.1 (unknown)", ""), Some((good, "5.1.1 (unknown)".into())));
        assert_eq!(status("Failed", "5.0.0", "552 5.2.2 full"), Some((once, "smtp; 552 5.2.2 full".into())));
        assert_eq!(status("failed", "4.4.7", "").map(|(fate, _)| fate), Some(once));
        assert_eq!(status("delayed", "4.2.2", "").map(|(fate, _)| fate), Some(Fate::Nothing));
        assert_eq!(status("delivered", "2.1.5", "").map(|(fate, _)| fate), Some(Fate::Arrived));
        assert_eq!(status("eaten", "5.1.1", ""), None);
        assert_eq!(of_status("Reporting-MTA: dns; mx.demo.example"), None);
    }

    #[test]
    fn a_report_that_nests_without_end_is_not_read() {
        let keys = MasterKey::new([1; 32]);
        let status = "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n";
        let nested = "Content-Type: Message/RFC822\r\n\r\n".repeat(2_000);
        let text = format!(
            "Content-Type: multipart/mixed; boundary=x\r\n\r\n{status}\r\n--x\r\n{nested}\r\n--x--\r\n"
        );
        assert_eq!(read(&keys, text.as_bytes()), None);
    }

    #[test]
    fn what_is_no_report_is_none() {
        let keys = MasterKey::new([1; 32]);
        let token = mail_tokens::for_returns(&keys, Uuid::now_v7());
        for text in ["", "\0\0\0", &format!("To: bounces+{token}@mail.example\r\n\r\nOut of the office.")] {
            assert_eq!(read(&keys, text.as_bytes()), None, "{text}");
        }
    }
}
