//! Marks inside a text: `**bold**`, `*italic*`, `[words](address)`. A backslash before one makes it a
//! plain character; a mark that is not closed is one, too.

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span<'a> {
    /// Plain.
    Words(&'a str),
    /// Bold.
    Bold(Vec<Span<'a>>),
    /// Italic.
    Italic(Vec<Span<'a>>),
    /// A link.
    Link {
        /// What stands there.
        words: Vec<Span<'a>>,
        /// Where it leads.
        address: &'a str,
    },
}

/// How deep marks may lie in one another.
const DEPTH: u8 = 4;

/// The stretches of a text without statements; `{{ names }}` are words.
#[must_use]
pub fn spans(text: &str) -> Vec<Span<'_>> {
    within(text, DEPTH)
}

fn within(text: &str, depth: u8) -> Vec<Span<'_>> {
    let mut found = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(next) = text[at..].find(['*', '[', '\\', '{']) {
        let here = at + next;
        let rest = &text[here..];
        if let Some(name) = rest.strip_prefix("{{").and_then(|inside| inside.find("}}")) {
            at = here + name + 4;
        } else if rest.starts_with('\\') && rest[1..].starts_with(['*', '[', '\\']) {
            found.push(Span::Words(&text[plain..here]));
            (plain, at) = (here + 1, here + 2);
        } else if let Some((span, length)) = mark(rest, depth) {
            found.push(Span::Words(&text[plain..here]));
            found.push(span);
            at = here + length;
            plain = at;
        } else {
            // No sign opens anything here; two stars do not become one.
            at = here + if rest.starts_with("**") { 2 } else { 1 };
        }
    }
    found.push(Span::Words(&text[plain..]));
    found.retain(|span| *span != Span::Words(""));
    found
}

/// The marked stretch that a text begins with, and how long it is.
fn mark(text: &str, depth: u8) -> Option<(Span<'_>, usize)> {
    let deeper = depth.checked_sub(1)?;
    let held = |inside: &str| !inside.is_empty() && inside.trim() == inside;
    if let Some(rest) = text.strip_prefix("**") {
        let inside = &rest[..rest.find("**")?];
        return held(inside).then(|| (Span::Bold(within(inside, deeper)), inside.len() + 4));
    }
    if let Some(rest) = text.strip_prefix('*') {
        let inside = &rest[..rest.find('*')?];
        return held(inside).then(|| (Span::Italic(within(inside, deeper)), inside.len() + 2));
    }
    let rest = text.strip_prefix('[')?;
    let words = &rest[..rest.find("](")?];
    let address = &rest[words.len() + 2..];
    let address = &address[..address.find(')')?];
    let whole = held(words) && !words.contains(['[', '\n']) && !address.contains('\n');
    whole.then(|| {
        (
            Span::Link { words: within(words, deeper), address: address.trim() },
            words.len() + address.len() + 4,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Span as S;

    #[test]
    fn marks_are_found_and_nested() {
        assert_eq!(
            spans("a **b *c*** [d **e**](https://f.example) {{ g*h }}"),
            [
                S::Words("a "),
                S::Bold(vec![S::Words("b *c")]),
                S::Words("* "),
                S::Link {
                    words: vec![S::Words("d "), S::Bold(vec![S::Words("e")])],
                    address: "https://f.example"
                },
                S::Words(" {{ g*h }}"),
            ]
        );
        assert_eq!(
            spans("**a *b* c**"),
            [S::Bold(vec![S::Words("a "), S::Italic(vec![S::Words("b")]), S::Words(" c")])]
        );
    }

    #[test]
    fn what_is_no_mark_is_text() {
        for plain in ["2 * 3 * 4", "**open", "[a] (b)", "[a](b", "****", "", "{{ a", "a*"] {
            let said: String = spans(plain)
                .iter()
                .map(|span| match span {
                    S::Words(words) => *words,
                    other => panic!("{plain}: {other:?}"),
                })
                .collect();
            assert_eq!(said, plain);
        }
        assert_eq!(spans(r"\*a\*"), [S::Words("*a"), S::Words("*")]);
    }

    #[test]
    fn every_text_ends() {
        let deep = "**a ".repeat(2_000) + &"*[".repeat(2_000);
        assert!(!spans(&deep).is_empty());
    }
}
