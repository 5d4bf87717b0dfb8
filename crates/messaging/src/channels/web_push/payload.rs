//! What the service worker (`frontend/account/push-worker.js`) is told: `{title, body, url, tag, lang}`.

use serde_json::json;

use crate::deliveries::Outgoing;

/// As much of a title is shown anywhere.
const MOST_TITLE: usize = 120;
/// What stands where something was cut off.
const CUT: char = '…';

/// The message as JSON of `most` octets at most: it is the text that is cut, between characters.
pub(super) fn of(message: &Outgoing, home: &str, most: usize) -> String {
    let title = cut(message.subject.trim(), MOST_TITLE);
    // A path: the worker opens pages of its own origin only, by whatever name it is reached.
    let link = message.link.as_deref().filter(|link| link.len() <= 1_500);
    let url =
        link.map_or("/", |link| link.strip_prefix(home).filter(|path| path.starts_with('/')).unwrap_or(link));
    let whole = |body: &str| {
        let payload = json!({
            "title": title, "body": body, "url": url, "tag": message.id.simple().to_string(), "lang": message.locale,
        });
        payload.to_string()
    };
    let body = message.plain.trim();
    let text = whole(body);
    if text.len() <= most {
        return text;
    }
    let (mut fits, mut too_many) = (0, body.chars().count());
    while fits + 1 < too_many {
        let middle = usize::midpoint(fits, too_many);
        if whole(&cut(body, middle)).len() <= most { fits = middle } else { too_many = middle }
    }
    whole(&cut(body, fits))
}

/// At most `most` characters of a text.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.truncate(kept.trim_end().len());
    kept.push(CUT);
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::channels::words;

    fn message(subject: &str, plain: &str, link: Option<&str>) -> Outgoing {
        Outgoing { locale: "th".to_owned(), ..words::tests::message(subject, plain, link) }
    }

    fn read(message: &Outgoing, most: usize) -> Value {
        let text = of(message, "https://ringside.example", most);
        assert!(text.len() <= most, "{} octets", text.len());
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn a_short_message_is_whole() {
        let said = read(
            &message(" Doors at 18:00 ", "Bring your ticket.\n", Some("https://ringside.example/o/1")),
            3993,
        );
        let expected = json!({"title": "Doors at 18:00", "body": "Bring your ticket.", "lang": "th",
            "url": "/o/1", "tag": "00000000000000000000000000000000"});
        assert_eq!(said, expected);
        assert_eq!(read(&message("x", "y", None), 3993)["url"], "/");
        let elsewhere = "https://ringside.example.evil.example/";
        let said = read(&message("x", "y", Some(elsewhere)), 3993);
        assert_eq!(said["url"], elsewhere, "the worker does not open it");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        for piece in ["x", "มวย", "🥊", "\"", "\u{1}"] {
            let said = read(&message(&piece.repeat(300), &piece.repeat(4000), None), 3993);
            let body = said["body"].as_str().expect("a text");
            assert!(body.ends_with('…') && body.len() > 500, "{piece}: {}", body.len());
            assert!(said["title"].as_str().expect("a text").chars().count() <= MOST_TITLE);
        }
    }
}
