//! A text with marks and variables as markup. What people typed is escaped here; the variables' values
//! are escaped when a letter is written.

use contract::templates::{Piece, Span, pieces, spans};

/// How links are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// As links.
    Live,
    /// As `words (address)`: for the part without markup.
    WrittenOut,
}

/// Markup of a text that was checked before; a text that was not is refused.
///
/// # Errors
/// The first fault of the text.
pub(super) fn markup(text: &str, links: Links) -> anyhow::Result<String> {
    let mut made = String::with_capacity(text.len() * 2);
    let mut run = String::new();
    let mut after_statement = false;
    for piece in pieces(text).map_err(|fault| anyhow::anyhow!(fault.message))? {
        match piece {
            // A statement's own line leaves no empty one behind.
            Piece::Words(words) if after_statement => run.push_str(words.strip_prefix('\n').unwrap_or(words)),
            Piece::Words(words) => run.push_str(words),
            Piece::Variable(name) => run.push_str(&format!("{{{{ {name} }}}}")),
            statement => {
                push_spans(&mut made, &spans(&run), links);
                run.clear();
                made.push_str(&said(statement));
            }
        }
        after_statement = !matches!(piece, Piece::Words(_) | Piece::Variable(_));
    }
    push_spans(&mut made, &spans(&run), links);
    Ok(made)
}

/// A line with variables, escaped for a page.
///
/// # Errors
/// The first fault of the line.
pub(super) fn line(text: &str) -> anyhow::Result<String> {
    let found = pieces(text).map_err(|fault| anyhow::anyhow!(fault.message))?;
    Ok(found
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => escaped(words),
            other => said(other),
        })
        .collect())
}

/// A variable or statement in the words of the template language.
fn said(piece: Piece<'_>) -> String {
    match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Variable(name) => format!("{{{{ {name} }}}}"),
        Piece::If(name) => format!("{{% if {name} %}}"),
        Piece::Else => "{% else %}".to_owned(),
        Piece::EndIf => "{% endif %}".to_owned(),
        Piece::For { item, list } => format!("{{% for {item} in {list} %}}"),
        Piece::EndFor => "{% endfor %}".to_owned(),
    }
}

fn push_spans(made: &mut String, found: &[Span<'_>], links: Links) {
    for span in found {
        match span {
            Span::Words(words) => made.push_str(&escaped(words).replace('\n', "<br />")),
            Span::Bold(inside) => wrapped(made, "strong", inside, links),
            Span::Italic(inside) => wrapped(made, "em", inside, links),
            Span::Link { words, address } => {
                let address = escaped(address);
                if links == Links::Live {
                    made.push_str(&format!("<a class=\"letter-link\" href=\"{address}\">"));
                    push_spans(made, words, links);
                    made.push_str("</a>");
                } else {
                    push_spans(made, words, links);
                    made.push_str(&format!(" ({address})"));
                }
            }
        }
    }
}

fn wrapped(made: &mut String, tag: &str, inside: &[Span<'_>], links: Links) {
    made.push_str(&format!("<{tag}>"));
    push_spans(made, inside, links);
    made.push_str(&format!("</{tag}>"));
}

/// Text that cannot become markup, in elements and in quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '"' => made.push_str("&quot;"),
            '\'' => made.push_str("&#39;"),
            other => made.push(other),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_markup_and_nothing_else_does() {
        let text = "**{{ buyer.name }}** <b>&\n[here]({{ order.url }}) {% if event.red %}\n*x*{% endif %}";
        assert_eq!(
            markup(text, Links::Live).unwrap(),
            "<strong>{{ buyer.name }}</strong> &lt;b&gt;&amp;<br /><a class=\"letter-link\" href=\"{{ order.url }}\">here</a> {% if event.red %}<em>x</em>{% endif %}"
        );
        assert!(markup(text, Links::WrittenOut).unwrap().contains("here ({{ order.url }})"));
        assert!(markup("{{ open", Links::Live).is_err());
    }

    #[test]
    fn marks_do_not_reach_over_a_statement() {
        let made = markup("**a {% if event.red %}b** c{% endif %}", Links::Live).unwrap();
        assert_eq!(made, "**a {% if event.red %}b** c{% endif %}");
    }
}
