//! A message as one text, no longer than a provider takes.

use crate::deliveries::Outgoing;

/// What stands where something was cut off.
const CUT: char = '…';

/// The text cut to `most` UTF-16 code units, as providers count, and never within a character.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut room = most.saturating_sub(CUT.len_utf16());
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    let mut kept: String = kept.collect::<String>().trim_end().to_owned();
    kept.push(CUT);
    kept
}

/// Title, text and link below each other, `most` UTF-16 code units at most: of the three it is the text that is cut.
pub(super) fn whole(message: &Outgoing, most: usize) -> String {
    let title = message.subject.trim();
    let text = message.plain.trim();
    // A text that begins with its title says it already.
    let title = if text.starts_with(title) { "" } else { title };
    let link = message.link.as_deref().filter(|link| !text.contains(link)).unwrap_or("");
    let beside: usize = [title, link]
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| part.encode_utf16().count() + PARTED.len())
        .sum();
    let text = match most.checked_sub(beside) {
        Some(room) if room > 0 => cut(text, room),
        _ => String::new(),
    };
    let parts: Vec<&str> = [title, text.as_str(), link].into_iter().filter(|part| !part.is_empty()).collect();
    cut(&parts.join(PARTED), most)
}

/// What stands between title, text and link.
const PARTED: &str = "\n\n";

/// Without line breaks and runs of blanks.
pub(super) fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::DateTime;
    use contract::channels::{Channel, Topic};
    use uuid::Uuid;

    use super::*;

    pub(crate) fn message(subject: &str, plain: &str, link: Option<&str>) -> Outgoing {
        Outgoing {
            id: Uuid::nil(),
            org_id: None,
            channel: Channel::Line,
            topic: Topic::Orders,
            user_id: None,
            contact_method_id: None,
            destination_id: None,
            recipient: String::new(),
            recipient_name: String::new(),
            locale: "en".to_owned(),
            subject: subject.to_owned(),
            template: "tickets_ready".to_owned(),
            html: String::new(),
            plain: plain.to_owned(),
            link: link.map(str::to_owned),
            typed_address: None,
            attempts: 0,
            created_at: DateTime::UNIX_EPOCH,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn a_cut_lies_between_characters_and_is_shown() {
        assert_eq!(cut("มวย", 3), "มวย");
        assert_eq!(cut("มวยไทย", 4), "มวย…");
        // Two code units each, as providers count them.
        assert_eq!(cut("🥊🥊🥊", 6), "🥊🥊🥊");
        assert_eq!(cut("🥊🥊🥊", 5), "🥊🥊…");
        assert_eq!(cut("🥊🥊🥊", 4), "🥊…");
        assert_eq!(cut("one two", 5), "one…");
    }

    #[test]
    fn the_title_and_the_link_stay_whole() {
        let link = Some("https://ringside.example/o/1");
        let whole_of = |text: &str, most| whole(&message("Doors at 18:00", text, link), most);
        assert_eq!(
            whole_of("Bring your ticket.", 100),
            "Doors at 18:00\n\nBring your ticket.\n\nhttps://ringside.example/o/1"
        );
        let short = whole_of(&"x".repeat(500), 100);
        assert_eq!(short.encode_utf16().count(), 100);
        assert!(
            short.starts_with("Doors at 18:00\n\nxxx")
                && short.ends_with("x…\n\nhttps://ringside.example/o/1"),
            "{short}"
        );
        assert_eq!(whole(&message("Hello", "Hello, and welcome", None), 100), "Hello, and welcome");
        assert_eq!(whole(&message("", "", None), 100), "");
    }
}
