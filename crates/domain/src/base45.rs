//! Base45 text (RFC 9285): two bytes become three characters of the QR code's alphanumeric set.
//!
//! The decoder is strict: one text for each value, no other spelling is accepted.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Why a text is not Base45.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Base45Error {
    /// A character outside the 45; `at` counts bytes from the start.
    #[error("character outside the Base45 alphabet at byte {at}")]
    Character {
        /// Byte offset of the character.
        at: usize,
    },
    /// The length leaves one character over, which no value has.
    #[error("a Base45 text cannot have {length} characters")]
    Length {
        /// Number of bytes in the text.
        length: usize,
    },
    /// Three characters above 65535 or two above 255.
    #[error("value too large for its group at byte {at}")]
    Overflow {
        /// Byte offset of the group.
        at: usize,
    },
}

/// Writes bytes as Base45 text (RFC 9285 section 4).
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    let mut digit = |value: u32| text.push(char::from(ALPHABET[(value % 45) as usize]));
    for pair in bytes.chunks(2) {
        let value = pair.iter().fold(0, |sum, byte| sum * 256 + u32::from(*byte));
        digit(value);
        digit(value / 45);
        if pair.len() == 2 {
            digit(value / 2025);
        }
    }
    text
}

/// Reads Base45 text (RFC 9285 section 4).
///
/// # Errors
/// [`Base45Error`] names the first thing that is wrong.
pub fn decode(text: &str) -> Result<Vec<u8>, Base45Error> {
    let length = text.len();
    let mut digits = Vec::with_capacity(length);
    for (at, byte) in text.bytes().enumerate() {
        digits.push(digit_value(byte).ok_or(Base45Error::Character { at })?);
    }
    if length % 3 == 1 {
        return Err(Base45Error::Length { length });
    }
    let mut bytes = Vec::with_capacity(length / 3 * 2 + 1);
    for (group, digits) in digits.chunks(3).enumerate() {
        let value = digits.iter().rev().fold(0, |sum, digit| sum * 45 + digit);
        let overflow = Base45Error::Overflow { at: group * 3 };
        if digits.len() == 3 {
            bytes.extend(u16::try_from(value).map_err(|_| overflow)?.to_be_bytes());
        } else {
            bytes.push(u8::try_from(value).map_err(|_| overflow)?);
        }
    }
    Ok(bytes)
}

fn digit_value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b' ' => 36,
        b'$' => 37,
        b'%' => 38,
        b'*' => 39,
        b'+' => 40,
        b'-' => 41,
        b'.' => 42,
        b'/' => 43,
        b':' => 44,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn follows_the_examples_of_rfc_9285() {
        // RFC 9285 sections 4.3 and 4.4.
        for (bytes, text) in [
            (&b"AB"[..], "BB8"),
            (b"Hello!!", "%69 VD92EX0"),
            (b"base-45", "UJCLQE7W581"),
            (b"ietf!", "QED8WEX0"),
            (b"", ""),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Ok(bytes));
        }
    }

    #[test]
    fn refuses_what_no_value_is_written_as() {
        // RFC 9285 section 6: FGW is 65535, GGW would be 65536.
        assert_eq!(decode("FGW"), Ok(vec![0xff, 0xff]));
        assert_eq!(decode("GGW"), Err(Base45Error::Overflow { at: 0 }));
        assert_eq!(decode("BB8::"), Err(Base45Error::Overflow { at: 3 }));
        assert_eq!(decode("BB8B"), Err(Base45Error::Length { length: 4 }));
        assert_eq!(decode("bb8"), Err(Base45Error::Character { at: 0 }));
        assert_eq!(decode("BBก"), Err(Base45Error::Character { at: 2 }));
    }

    proptest! {
        #[test]
        fn every_value_returns(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn every_text_is_the_only_spelling_or_refused(text in "[0-9A-Z $%*+./:-]{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn any_text_ends(text: String) {
            let _ = decode(&text);
        }
    }
}
