//! What texts may hold.

/// For names and titles: one line, as [`is_hidden`] and line breaks are refused.
///
/// # Errors
/// When the text has a line break or a character that does not show.
pub fn one_line(text: &str, _: &()) -> garde::Result {
    if text.chars().any(|c| matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') || is_hidden(c)) {
        return Err(garde::Error::new("must be one line of plain text"));
    }
    Ok(())
}

/// Characters that do not show and make a text look like another one: controls, and those that turn
/// the direction of writing around (Unicode TR 36, section 2.5.1). Line breaks and tabs are none.
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_plain_line() {
        for good in ["มวยไทย คืนนี้", "O'Neill & Söhne", "عربي", "👨‍👩‍👧 family"]
        {
            assert!(one_line(good, &()).is_ok(), "{good}");
        }
        for bad in ["two\nlines", "tab\there", "\u{202e}gnirts", "a\u{7}b", "x\u{2066}y", "\u{85}", "\u{0}"] {
            assert!(one_line(bad, &()).is_err(), "{bad:?}");
        }
    }
}
