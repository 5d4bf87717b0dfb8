//! A letter's values as words in one language: what the templates see.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use domain::{Locale, local_time};
use serde::Serialize;

use super::{Attachment, Event, Order, Place, Ticket};

/// What a template sees beside the letter's own values.
#[derive(Debug, Serialize)]
pub(super) struct OrderWords {
    shop: String,
    reference: String,
    buyer: String,
    total: String,
    url: String,
    event: EventWords,
    places: Vec<PlaceWords>,
}

#[derive(Debug, Serialize)]
struct EventWords {
    title: String,
    red: Option<String>,
    blue: Option<String>,
    starts: String,
    doors: String,
    venue: String,
    address: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct PlaceWords {
    zone: String,
    row: Option<String>,
    seat: Option<String>,
    tier: String,
    price: String,
    /// The inline attachment that holds its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    cid: Option<String>,
}

impl OrderWords {
    pub(super) fn of(order: &Order, places: Vec<PlaceWords>, locale: Locale) -> Self {
        Self {
            shop: order.shop.clone(),
            reference: order.reference.clone(),
            buyer: order.buyer.clone(),
            total: order.total.text(),
            url: order.url.clone(),
            event: EventWords::of(&order.event, locale),
            places,
        }
    }
}

impl EventWords {
    fn of(event: &Event, locale: Locale) -> Self {
        let (red, blue) = event.main_bout.clone().unzip();
        Self {
            title: event.title.clone(),
            red,
            blue,
            starts: local_time::long(locale, local(event.starts_at, &event.time_zone)),
            doors: local_time::time(locale, local(event.doors_at, &event.time_zone).time()),
            venue: event.venue.clone(),
            address: event.address.clone(),
        }
    }
}

impl PlaceWords {
    pub(super) fn of(place: &Place) -> Self {
        Self {
            zone: place.zone.clone(),
            row: place.row.clone(),
            seat: place.seat.clone(),
            tier: place.tier.clone(),
            price: place.price.text(),
            cid: None,
        }
    }
}

/// The tickets' words, and their codes as inline pictures.
pub(super) fn tickets(tickets: &[Ticket]) -> (Vec<PlaceWords>, Vec<Attachment>) {
    let mut words = Vec::with_capacity(tickets.len());
    let mut codes = Vec::with_capacity(tickets.len());
    for (place, ticket) in tickets.iter().enumerate() {
        let cid = format!("ticket-{}", place + 1);
        words.push(PlaceWords { cid: Some(cid.clone()), ..PlaceWords::of(&ticket.place) });
        codes.push(Attachment {
            name: format!("{cid}.png"),
            media_type: "image/png",
            inline: Some(cid),
            bytes: ticket.qr.clone(),
        });
    }
    (words, codes)
}

/// An instant as the hour at the venue. A zone we do not know is Bangkok's: venues are checked when set up.
pub(super) fn local(at: DateTime<Utc>, time_zone: &str) -> NaiveDateTime {
    let zone: Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Bangkok);
    at.with_timezone(&zone).naive_local()
}
