//! A notice as a mail: what the notification centre shows, with a button to where it leads.

use contract::notices::NoticeContent;
use domain::Locale;
use minijinja::{Value, context};

use super::render::{fill, leading};
use super::{Written, written_in};

/// Writes a notice out; `link` is a whole address.
pub(crate) fn mail(content: &NoticeContent, link: Option<&str>, locale: Locale) -> anyhow::Result<Written> {
    let mut written = short(content, locale);
    let locale = written.locale;
    let words = if matches!(locale, Locale::Th) { "เปิดดู" } else { "Open" };
    let said = written.text.split("\n\n").map(|text| context! { text => text.trim() });
    let button = link.map(|address| context! { words, address });
    let paragraphs: Vec<Value> = said.chain(button).collect();
    let (subject, leading) = (&written.subject, leading(locale));
    let order = context! { shop => "Ringside" };
    let page = context! { lang => locale.code(), leading, order, subject, paragraphs };
    written.html = fill("account.html", &page)?;
    let link = link.map(|link| format!("\n\n{words}: {link}")).unwrap_or_default();
    written.text = format!("{}{link}\n", written.text.trim());
    Ok(written)
}

/// Writes a notice out for channels that carry a first line and a text.
pub(crate) fn short(content: &NoticeContent, locale: Locale) -> Written {
    let locale = written_in(locale);
    let (subject, text) = content.words(locale);
    Written {
        template: content.name(),
        locale,
        version: None,
        subject,
        html: String::new(),
        text,
        attachments: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_staff_wrote_is_text_and_no_markup() {
        let text = "Doors open <b>earlier</b>.\n\n[Press](https://elsewhere.example)".to_owned();
        let content = NoticeContent::Announcement { title: "Doors".into(), text, by: "Demo".into() };
        let written = mail(&content, Some("https://ringside.example/console/notices"), Locale::En).unwrap();
        assert!(written.html.contains("&lt;b&gt;earlier"), "{}", written.html);
        assert!(!written.html.contains("href=\"https:&#x2f;&#x2f;elsewhere"), "{}", written.html);
        assert!(
            written.text.ends_with("\n\nOpen: https://ringside.example/console/notices\n"),
            "{}",
            written.text
        );
        assert_eq!(mail(&content, None, Locale::Th).unwrap().subject, "Doors");
    }
}
