//! Texts with variables: `{{ order.number }}`, `{% if event.red %} … {% else %} … {% endif %}` and
//! `{% for place in places %} … {% endfor %}`, and nothing else of the template language.

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Said as it stands.
    Words(&'a str),
    /// The value of that name.
    Variable(&'a str),
    /// What follows is said when that has a value.
    If(&'a str),
    /// What follows is said when it has none.
    Else,
    /// The end of that.
    EndIf,
    /// What follows is said for each thing of a list.
    For {
        /// What the thing is called meanwhile.
        item: &'a str,
        /// The list.
        list: &'a str,
    },
    /// The end of that.
    EndFor,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A stable name: `unclosed`.
    pub code: &'static str,
    /// In plain English.
    pub message: String,
}

impl Fault {
    /// A fault of that name.
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The pieces of a text, in order.
///
/// # Errors
/// `unclosed`: braces that nothing closes. `unknown_statement`: between `{%` and `%}` stands something
/// else than the statements above. `wrong_form`: between `{{` and `}}` stands no name.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Fault> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|opening| rest.find(opening)).min() {
        if at > 0 {
            found.push(Piece::Words(&rest[..at]));
        }
        let opening = &rest[at..at + 2];
        let closing = if opening == "{{" { "}}" } else { "%}" };
        let inside = &rest[at + 2..];
        let unclosed = || Fault::new("unclosed", format!("`{opening}` is never closed by `{closing}`."));
        if opening == "{#" {
            return Err(Fault::new("unknown_statement", "`{#` has no meaning here."));
        }
        let end = inside.find(closing).ok_or_else(unclosed)?;
        let said = inside[..end].trim();
        if said.contains('{') {
            return Err(unclosed());
        }
        found.push(if opening == "{{" { variable(said)? } else { statement(said)? });
        rest = &inside[end + 2..];
    }
    if !rest.is_empty() {
        found.push(Piece::Words(rest));
    }
    Ok(found)
}

fn variable(said: &str) -> Result<Piece<'_>, Fault> {
    if is_name(said) {
        return Ok(Piece::Variable(said));
    }
    Err(Fault::new("wrong_form", format!("`{said}` is no name of a variable.")))
}

fn statement(said: &str) -> Result<Piece<'_>, Fault> {
    let words: Vec<&str> = said.split_whitespace().collect();
    match words[..] {
        ["if", name] if is_name(name) => Ok(Piece::If(name)),
        ["else"] => Ok(Piece::Else),
        ["endif"] => Ok(Piece::EndIf),
        ["for", item, "in", list] if is_word(item) && is_name(list) => Ok(Piece::For { item, list }),
        ["endfor"] => Ok(Piece::EndFor),
        _ => Err(Fault::new(
            "unknown_statement",
            format!("`{said}` is none of: if, else, endif, for … in …, endfor."),
        )),
    }
}

/// `order.number`
fn is_name(text: &str) -> bool {
    text.split('.').all(is_word)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_its_pieces() {
        use Piece as P;
        let text = "Hi {{ buyer.name }}{% if event.red %}!{% else %}.{%endif%}{% for place in places %}- {{place.zone}}{% endfor %}";
        let expected = [
            P::Words("Hi "),
            P::Variable("buyer.name"),
            P::If("event.red"),
            P::Words("!"),
            P::Else,
            P::Words("."),
            P::EndIf,
            P::For { item: "place", list: "places" },
            P::Words("- "),
            P::Variable("place.zone"),
            P::EndFor,
        ];
        assert_eq!(pieces(text).unwrap(), expected);
        assert_eq!(pieces("a { b } c }} d %}").unwrap(), [P::Words("a { b } c }} d %}")]);
    }

    #[test]
    fn what_is_no_piece_is_named() {
        for (text, code) in [
            ("{{ order.number", "unclosed"),
            ("{{ order.number {{ b }}", "unclosed"),
            ("{% if a", "unclosed"),
            ("{{ }}", "wrong_form"),
            ("{{{ a }}}", "unclosed"),
            ("{{ a|upper }}", "wrong_form"),
            ("{{ 7 * 7 }}", "wrong_form"),
            ("{{ a() }}", "wrong_form"),
            ("{{ A }}", "wrong_form"),
            ("{% include 'x' %}", "unknown_statement"),
            ("{% set a = 1 %}", "unknown_statement"),
            ("{% for a in range(9) %}", "unknown_statement"),
            ("{# note #}", "unknown_statement"),
            ("{%- if a -%}", "unknown_statement"),
        ] {
            assert_eq!(pieces(text).unwrap_err().code, code, "{text}");
        }
    }
}
