//! Letters about an order that nobody placed: for previews, for tests one sends to oneself, and to try
//! whether a template can be written out at all.

use chrono::{DateTime, Utc};
use contract::holds::MAX_PLACES;
use contract::templates::LetterKind;
use domain::{Locale, Money};

use crate::letters::{Event, Letter, Order, Place, Ticket};

/// A grey square: stands where a code will be. Nobody is admitted, and nothing is paid, by an example.
pub const NO_CODE: &[u8] = include_bytes!("no_code.png");

/// Saturday 12 December 2026, 19:00 in Bangkok.
const NIGHT: i64 = 1_797_076_800;

/// The letter about two places, as the catalogue's examples say.
#[must_use]
pub fn letter(kind: LetterKind, locale: Locale) -> Letter {
    of(kind, locale, 2)
}

/// The largest letter there can be: as many places as an order may hold.
pub(super) fn largest(kind: LetterKind, locale: Locale) -> Letter {
    of(kind, locale, MAX_PLACES)
}

fn of(kind: LetterKind, locale: Locale, count: usize) -> Letter {
    // safe: seconds of the year 2026
    let at = |seconds: i64| DateTime::<Utc>::from_timestamp(seconds, 0).expect("an instant");
    let thai = locale == Locale::Th;
    let place = |number: usize| Place {
        zone: (if thai { "ริงไซด์ เหนือ" } else { "Ringside North" }).to_owned(),
        row: Some("C".to_owned()),
        seat: Some((16 + number).to_string()),
        tier: (if thai { "ริงไซด์" } else { "Ringside" }).to_owned(),
        price: Money::thb(250_000),
    };
    let order = Order {
        shop: "Demo Promotions".to_owned(),
        reference: "7KQ2-MX4D".to_owned(),
        buyer: "Demo Fan".to_owned(),
        total: Money::thb(250_000 * i64::try_from(count).unwrap_or(1)),
        url: "https://ringside.example/orders/1".to_owned(),
        event: Event {
            title: (if thai { "ศึกสายฟ้า" } else { "Thunder at the Stadium" }).to_owned(),
            main_bout: Some(("Fighter Red".to_owned(), "Fighter Blue".to_owned())),
            doors_at: at(NIGHT - 5_400),
            starts_at: at(NIGHT),
            time_zone: "Asia/Bangkok".to_owned(),
            venue: "Demo Boxing Stadium".to_owned(),
            address: "1 Demo Road, Bangkok 10110".to_owned(),
        },
    };
    let places = (1..=count).map(place);
    match kind {
        LetterKind::OrderPlaced => Letter::OrderPlaced {
            order,
            places: places.collect(),
            pay_before: at(NIGHT - 1_892_700),
            payment_qr: Some(NO_CODE.to_vec()),
        },
        LetterKind::OrderPaid => Letter::OrderPaid {
            order,
            tickets: places.map(|place| Ticket { place, qr: NO_CODE.to_vec() }).collect(),
            pdf: Vec::new(),
        },
    }
}
