//! The links of a letter. Letters are made by our own compiler or our own templates, so what is looked for is what
//! these write: elements `a` with an attribute `href`.

use std::ops::Range;

use platform::keys::MasterKey;
use uuid::Uuid;

use crate::mail_tokens::{self, Purpose};

/// More links than that stay plain.
const MOST: usize = 1_000;

/// The letter with links and a picture that tell us; `base` is the public address.
pub(crate) fn counted(html: &str, base: &str, keys: &MasterKey, delivery: Uuid) -> String {
    let mut page = String::with_capacity(html.len() + 1_024);
    let mut end = 0;
    for (number, link) in (0_u16..).zip(links(html)) {
        let token = mail_tokens::for_page(keys, Purpose::Link(number), delivery);
        page.push_str(&html[end..link.at.start]);
        page.push_str(&format!("{base}/m/{token}"));
        end = link.at.end;
    }
    page.push_str(&html[end..]);
    let token = mail_tokens::for_page(keys, Purpose::Opening, delivery);
    let picture =
        format!("<img src=\"{base}/m/o/{token}\" width=\"1\" height=\"1\" alt=\"\" style=\"border:0\">");
    at_the_end(&mut page, &picture);
    page
}

/// Puts markup at the end of what is shown.
pub(crate) fn at_the_end(page: &mut String, markup: &str) {
    let end = page.rfind("</body>").unwrap_or(page.len());
    page.insert_str(end, markup);
}

/// Where the link of that number leads; none: there are fewer.
pub(super) fn link(html: &str, number: u16) -> Option<String> {
    links(html).into_iter().nth(usize::from(number)).map(|link| link.to)
}

/// A link to the web.
struct Link {
    /// Where its address stands, inside the quotes.
    at: Range<usize>,
    /// The address.
    to: String,
}

fn links(html: &str) -> Vec<Link> {
    let bytes = html.as_bytes();
    let begins = html.match_indices('<').filter(|(at, _)| {
        let next = |offset| bytes.get(at + offset).copied();
        matches!(next(1), Some(b'a' | b'A')) && next(2).is_some_and(|byte| byte.is_ascii_whitespace())
    });
    begins
        .filter_map(|(at, _)| href(html, at + 2))
        .map(|at| Link { to: plain(&html[at.clone()]), at })
        .filter(|link| link.to.starts_with("https://") || link.to.starts_with("http://"))
        .take(MOST)
        .collect()
}

/// Where the value of `href` stands in an element whose attributes begin at `at`.
fn href(html: &str, mut at: usize) -> Option<Range<usize>> {
    loop {
        let rest = &html[at..];
        let name_at = at + rest.find(|c: char| !c.is_ascii_whitespace() && c != '/')?;
        let rest = &html[name_at..];
        let name_end = name_at + rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>'))?;
        let after = html[name_end..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            if name_end == name_at || after.starts_with('>') {
                return None;
            }
            at = name_end;
            continue;
        };
        let value = value.trim_start();
        let begin = html.len() - value.len();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let range = match quote {
            Some(quote) => begin + 1..begin + 1 + value[1..].find(quote)?,
            None => begin..begin + value.find(|c: char| c.is_ascii_whitespace() || c == '>')?,
        };
        if html[name_at..name_end].eq_ignore_ascii_case("href") {
            return Some(range);
        }
        at = range.end + usize::from(quote.is_some());
    }
}

/// An attribute's value without character references.
fn plain(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let found = after.split_once(';').and_then(|(name, tail)| Some((character(name)?, tail)));
        match found {
            Some((char, tail)) => {
                text.push(char);
                rest = tail;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<body><a style='x' href=\"https:&#x2f;&#x2f;a.example&#x2f;?x=1&amp;y=&quot;2\">a</a>\
        <A\nHREF='http://b.example'>b</A> <a href=\"mailto:x@demo.example\">m</a><a name=\"top\">t</a>\
        <a href=#top>up</a><abbr href=\"https://no.example\">c</abbr><a class=\"href=&quot;\" href=\"https://c.example/a&b\">c</a></body>";

    #[test]
    fn links_are_found_as_they_are_written() {
        let found: Vec<String> = links(PAGE).into_iter().map(|link| link.to).collect();
        assert_eq!(found, ["https://a.example/?x=1&y=\"2", "http://b.example", "https://c.example/a&b"]);
        assert_eq!((link(PAGE, 1).as_deref(), link(PAGE, 3)), (Some("http://b.example"), None));
    }

    #[test]
    fn only_links_to_the_web_change() {
        let (keys, id) = (MasterKey::new([1; 32]), Uuid::now_v7());
        let page = counted(PAGE, "https://ringside.example", &keys, id);
        assert_eq!(page.matches("https://ringside.example/m/").count(), 4, "{page}");
        for gone in ["a.example", "b.example", "c.example"] {
            assert!(!page.contains(gone), "{page}");
        }
        for stays in ["mailto:x@demo.example", "href=#top", "https://no.example"] {
            assert!(page.contains(stays), "{page}");
        }
        assert!(page.ends_with("style=\"border:0\"></body>"), "{page}");
    }

    #[test]
    fn what_is_cut_off_is_no_link() {
        for broken in
            ["<a ", "<a href", "<a href=", "<a href=\"https://a.example", "<a x=\"<a href=", "<a >", "<a =>"]
        {
            assert!(links(broken).is_empty(), "{broken}");
        }
    }
}
