//! A look at JSON before it is read: how deep it goes, and whether its texts hide something.

use contract::ErrorCode;
use contract::text::is_hidden;

use crate::error::ApiError;

/// How deep objects and lists may lie within each other.
const DEPTH: usize = 32;

/// Refuses what is nested too deep (`malformed_json`) and texts with hidden characters, plain or as
/// `\u` escapes (`invalid_fields`), each with its line. Whether it is JSON at all is asked elsewhere.
pub(super) fn look(bytes: &[u8]) -> Result<(), ApiError> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
    let (mut depth, mut in_text) = (0_usize, false);
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => in_text = !in_text,
            '\\' if in_text => {
                let escaped = rest.next().map_or(' ', |(_, c)| c);
                if hides(escaped, &text[at..]) {
                    return Err(hidden(line(text, at)));
                }
            }
            _ if in_text && is_hidden(c) => return Err(hidden(line(text, at))),
            _ if in_text => {}
            '{' | '[' => {
                depth += 1;
                if depth > DEPTH {
                    return Err(ApiError::new(ErrorCode::MalformedJson)
                        .detail(format!("At most {DEPTH} levels of objects and lists are read."))
                        .with("line", line(text, at)));
                }
            }
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Whether an escape (`\b`, `\u202e`) stands for a hidden character.
fn hides(escaped: char, from: &str) -> bool {
    match escaped {
        'b' | 'f' => true,
        'u' => from
            .get(2..6)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32)
            .is_some_and(is_hidden),
        _ => false,
    }
}

fn hidden(line: usize) -> ApiError {
    ApiError::new(ErrorCode::InvalidFields)
        .detail(format!(
            "Line {line}: texts must not hold control characters or turn their direction around."
        ))
        .with("line", line)
}

fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(json: &str) -> Option<ErrorCode> {
        look(json.as_bytes()).err().map(|error| error.code())
    }

    #[test]
    fn depth_is_counted_outside_of_texts() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(code(&nested(DEPTH)), None);
        assert_eq!(code(&nested(DEPTH + 1)), Some(ErrorCode::MalformedJson));
        assert_eq!(code(&nested(100_000)), Some(ErrorCode::MalformedJson));
        assert_eq!(code(&format!("\"{}\"", "[".repeat(100))), None);
        assert_eq!(code(&format!("\"\\\"{}\"", "{".repeat(100))), None);
        assert_eq!(code(&format!("[{}]", vec!["{}"; 1000].join(","))), None);
    }

    #[test]
    fn hidden_characters_are_found_plain_and_escaped() {
        let bad = ["\"\u{202e}\"", r#""\u202E""#, r#""\u0000""#, r#""\u0007""#, r#""\b""#, "\"\u{85}\""];
        for json in bad {
            assert_eq!(code(json), Some(ErrorCode::InvalidFields), "{json}");
        }
        let good =
            [r#""a\nb\tc""#, r#""\\u202e""#, r#""\u0e01""#, r#""\ud83e\udd4a""#, r#""\u20""#, "\"มวย\""];
        for json in good {
            assert_eq!(code(json), None, "{json}");
        }
    }
}
