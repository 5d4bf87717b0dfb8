//! A seat as people say it.

use domain::seat::SeatLabel;
use ui::t;

/// `Row A, seat 12` for a label such as `R1-A-12`; the label itself when it is none.
#[must_use]
pub fn in_words(label: &str) -> String {
    match label.parse::<SeatLabel>() {
        Ok(label) => t!("shop.seat.row_seat", row = label.row(), seat = label.number()),
        Err(_) => label.to_owned(),
    }
}

/// The same, or `Standing` for a place without a number.
#[must_use]
pub fn place(seat: Option<&str>) -> String {
    seat.map_or_else(|| t!("shop.seat.standing"), in_words)
}
