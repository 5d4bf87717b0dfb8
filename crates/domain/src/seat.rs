//! The name of a seat within an event: `R1-A-12` is zone R1, row A, number 12.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Zone, row and number. Each is one to eight of `A-Z` and `0-9`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SeatLabel {
    zone: String,
    row: String,
    number: String,
}

/// The text is not `ZONE-ROW-NUMBER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seat is named ZONE-ROW-NUMBER, each of 1 to 8 characters A-Z and 0-9")]
pub struct SeatLabelError;

impl SeatLabel {
    /// Puts a label together.
    ///
    /// # Errors
    /// [`SeatLabelError`] when a part is not [`is_part`].
    pub fn new(zone: &str, row: &str, number: &str) -> Result<Self, SeatLabelError> {
        if ![zone, row, number].into_iter().all(is_part) {
            return Err(SeatLabelError);
        }
        Ok(Self { zone: zone.to_owned(), row: row.to_owned(), number: number.to_owned() })
    }

    /// Code of the zone.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// Label of the row.
    pub fn row(&self) -> &str {
        &self.row
    }

    /// Number within the row.
    pub fn number(&self) -> &str {
        &self.number
    }
}

/// Whether a text can be the code of a zone, the label of a row or the number of a seat:
/// `[A-Z0-9]{1,8}`.
pub fn is_part(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

impl fmt::Display for SeatLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.zone, self.row, self.number)
    }
}

impl FromStr for SeatLabel {
    type Err = SeatLabelError;

    fn from_str(text: &str) -> Result<Self, SeatLabelError> {
        let mut parts = text.split('-');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(zone), Some(row), Some(number), None) => Self::new(zone, row, number),
            _ => Err(SeatLabelError),
        }
    }
}

impl From<SeatLabel> for String {
    fn from(label: SeatLabel) -> Self {
        label.to_string()
    }
}

impl TryFrom<String> for SeatLabel {
    type Error = SeatLabelError;

    fn try_from(text: String) -> Result<Self, SeatLabelError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_one_spelling_is_a_label() {
        assert_eq!("R1-A-12".parse::<SeatLabel>(), SeatLabel::new("R1", "A", "12"));
        for wrong in [
            "",
            "R1",
            "R1-A",
            "R1-A-12-3",
            "r1-A-12",
            "R1--12",
            "R1-A-",
            " R1-A-12",
            "R123456789-A-1",
            "ก-A-1",
        ] {
            assert_eq!(wrong.parse::<SeatLabel>(), Err(SeatLabelError), "{wrong}");
        }
        assert!(serde_json::from_str::<SeatLabel>("\"R1-A\"").is_err());
    }

    proptest! {
        #[test]
        fn every_label_returns(zone in "[A-Z0-9]{1,8}", row in "[A-Z0-9]{1,8}", number in "[A-Z0-9]{1,8}") {
            let label = SeatLabel::new(&zone, &row, &number).unwrap();
            prop_assert_eq!(label.to_string().parse::<SeatLabel>(), Ok(label.clone()));
            let json = serde_json::to_string(&label).unwrap();
            prop_assert_eq!(serde_json::from_str::<SeatLabel>(&json).unwrap(), label);
        }
    }
}
