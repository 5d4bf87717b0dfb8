//! A letter's values as words in one language: what the templates see.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use domain::{Locale, local_time};
use serde::Serialize;

use super::{Attachment, Event, Order, Place, Ticket};

/// What a template sees beside the letter's own values.
#[derive(Debug, Serialize)]
pub(crate) struct OrderWords {
    shop: String,
    reference: String,
    buyer: String,
    total: String,
    url: String,
    event: EventWords,
    places: Vec<PlaceWords>,
}

#[derive(Debug, Serialize)]
pub(crate) struct EventWords {
    title: String,
    red: Option<String>,
    blue: Option<String>,
    starts: String,
    doors: String,
    venue: String,
    address: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlaceWords {
    zone: String,
    row: Option<String>,
    seat: Option<String>,
    tier: String,
    price: String,
    /// The inline attachment that holds its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    cid: Option<String>,
}

/// The few words of the pieces that organisations put into their letters, in every language.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct PieceWords {
    date: &'static str,
    doors: &'static str,
    venue: &'static str,
    zone: &'static str,
    row: &'static str,
    seat: &'static str,
    standing: &'static str,
    total: &'static str,
    code: &'static str,
}

impl PieceWords {
    #[rustfmt::skip]
    pub(crate) const fn of(locale: Locale) -> Self {
        let [date, doors, venue, zone, row, seat, standing, total, code] = match locale {
            Locale::En => ["Date", "Doors", "Venue", "Zone", "Row", "Seat", "Standing", "Total", "Ticket code"],
            Locale::Th => ["วันที่", "ประตูเปิด", "สถานที่", "โซน", "แถว", "ที่นั่ง", "ยืนชม", "รวมทั้งหมด", "รหัสตั๋ว"],
            Locale::Es => ["Fecha", "Puertas", "Recinto", "Zona", "Fila", "Asiento", "De pie", "Total", "Código de la entrada"],
            Locale::Fr => ["Date", "Ouverture des portes", "Lieu", "Zone", "Rang", "Place", "Debout", "Total", "Code du billet"],
            Locale::De => ["Datum", "Einlass", "Ort", "Zone", "Reihe", "Platz", "Stehplatz", "Gesamt", "Ticketcode"],
            Locale::Ja => ["日付", "開場", "会場", "ゾーン", "列", "席", "立見", "合計", "チケットコード"],
            Locale::Ko => ["날짜", "입장", "장소", "구역", "열", "좌석", "스탠딩", "합계", "티켓 코드"],
            Locale::Zh => ["日期", "入场", "场馆", "区域", "排", "座", "站位", "合计", "票码"],
        };
        Self { date, doors, venue, zone, row, seat, standing, total, code }
    }
}

impl OrderWords {
    pub(crate) fn of(order: &Order, places: Vec<PlaceWords>, locale: Locale) -> Self {
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

impl OrderWords {
    /// What it says about the night.
    pub(crate) const fn event(&self) -> &EventWords {
        &self.event
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
    pub(crate) fn of(place: &Place) -> Self {
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
pub(crate) fn tickets(tickets: &[Ticket]) -> (Vec<PlaceWords>, Vec<Attachment>) {
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
pub(crate) fn local(at: DateTime<Utc>, time_zone: &str) -> NaiveDateTime {
    let zone: Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Bangkok);
    at.with_timezone(&zone).naive_local()
}
