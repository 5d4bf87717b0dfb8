//! Letters about an account: `templates/<language>/account/<letter>.txt` says all, the page is made of
//! it. The first line is the subject; an empty line parts paragraphs; a paragraph `[words](address)` is
//! a button, a paragraph in backquotes a code in large type.

use anyhow::Context as _;
use domain::{AccountLetter, Locale};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::Written;
use super::render::fill;

/// Adds a line for each letter, in each language it is written in.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("account.html", include_str!("../../templates/account.html")),
    ("en/account/address_in_use.txt", include_str!("../../templates/en/account/address_in_use.txt")),
    ("th/account/address_in_use.txt", include_str!("../../templates/th/account/address_in_use.txt")),
    ("en/account/export_ready.txt", include_str!("../../templates/en/account/export_ready.txt")),
    ("th/account/export_ready.txt", include_str!("../../templates/th/account/export_ready.txt")),
    ("en/account/erasure_asked.txt", include_str!("../../templates/en/account/erasure_asked.txt")),
    ("th/account/erasure_asked.txt", include_str!("../../templates/th/account/erasure_asked.txt")),
    ("en/account/erasure_done.txt", include_str!("../../templates/en/account/erasure_done.txt")),
    ("th/account/erasure_done.txt", include_str!("../../templates/th/account/erasure_done.txt")),
];

/// Writes the letter to `name` out.
pub(super) fn render(name: &str, letter: &AccountLetter, locale: Locale) -> anyhow::Result<Written> {
    let values = context! { name, letter => Serde(letter) };
    let text = fill(&format!("{}/account/{}.txt", locale.code(), letter.name()), &values)?;
    let (subject, body) = text.trim().split_once('\n').context("a letter begins with its subject")?;
    let paragraphs: Vec<Value> = body.trim().split("\n\n").map(paragraph).collect();
    let leading = if locale == Locale::Th { "1.75" } else { "1.55" };
    let order = context! { shop => "Ringside" };
    let page = context! { lang => locale.code(), leading, order, subject, paragraphs };
    Ok(Written {
        template: letter.name(),
        subject: subject.trim().to_owned(),
        html: fill("account.html", &page)?,
        text: plain(body),
        attachments: Vec::new(),
    })
}

fn paragraph(text: &str) -> Value {
    let text = text.trim();
    if let Some((words, address)) = button(text) {
        return context! { words, address };
    }
    match text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(code) => context! { code },
        None => context! { text },
    }
}

fn button(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('[')?.strip_suffix(')')?.split_once("](")
}

/// Without marks: a button's words and address, a code as it is.
fn plain(body: &str) -> String {
    let paragraphs = body.trim().split("\n\n").map(|text| match button(text.trim()) {
        Some((words, address)) => format!("{words}: {address}"),
        None => text.trim().trim_matches('`').to_owned(),
    });
    paragraphs.collect::<Vec<_>>().join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_reads_the_same_as_page_and_as_text() {
        let letter =
            AccountLetter::AddressInUse { link: "https://ringside.example/account/reset?a&b".into() };
        for locale in [Locale::En, Locale::Th] {
            let written = render("Demo <Fan>", &letter, locale).unwrap();
            assert!(
                written.text.contains(": https://ringside.example/account/reset?a&b\n"),
                "{}",
                written.text
            );
            assert!(written.html.contains("Demo &lt;Fan&gt;"), "{}", written.html);
            assert!(written.html.contains("href=\"https:&#x2f;&#x2f;ringside.example"), "{}", written.html);
        }
    }
}
