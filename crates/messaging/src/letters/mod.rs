//! What is said to people, and how it reads in their language.

mod account;
pub(crate) mod notice;
pub(crate) mod render;
pub(crate) mod words;

use chrono::{DateTime, Utc};
use contract::channels::Topic;
use domain::{AccountLetter, Locale, Money};
use uuid::Uuid;

pub use render::render;

/// Something to say, with everything it takes to say it.
#[derive(Debug, Clone, PartialEq)]
pub enum Letter {
    /// An order was placed and waits for payment.
    OrderPlaced {
        /// The order.
        order: Order,
        /// What is bought.
        places: Vec<Place>,
        /// Until when it must be paid.
        pay_before: DateTime<Utc>,
        /// The PromptPay code as PNG, when there is a payment to make.
        payment_qr: Option<Vec<u8>>,
    },
    /// An order is paid; here are the tickets.
    OrderPaid {
        /// The order.
        order: Order,
        /// The tickets, each with its code.
        tickets: Vec<Ticket>,
        /// All tickets as one PDF.
        pdf: Vec<u8>,
    },
    /// About the reader's own account.
    Account {
        /// How to address them.
        name: String,
        /// What is said.
        letter: AccountLetter,
    },
}

impl Letter {
    /// What it is about.
    #[must_use]
    pub const fn topic(&self) -> Topic {
        match self {
            Self::OrderPlaced { .. } | Self::OrderPaid { .. } => Topic::Orders,
            Self::Account { .. } => Topic::Account,
        }
    }
}

/// What both letters say about an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Who sells: the promoter's name.
    pub shop: String,
    /// What a person quotes: `7KQ2-MX4D`.
    pub reference: String,
    /// Who bought.
    pub buyer: String,
    /// What it costs in all.
    pub total: Money,
    /// Opens the order in the shop.
    pub url: String,
    /// What it is for.
    pub event: Event,
}

/// The fight night.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its title, in the reader's language.
    pub title: String,
    /// The main bout, red corner and blue corner.
    pub main_bout: Option<(String, String)>,
    /// When the doors open.
    pub doors_at: DateTime<Utc>,
    /// When the first bout begins.
    pub starts_at: DateTime<Utc>,
    /// The venue's zone (IANA name).
    pub time_zone: String,
    /// The venue.
    pub venue: String,
    /// Where it is.
    pub address: String,
}

/// One place bought.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The zone's name.
    pub zone: String,
    /// The row; none for a standing place.
    pub row: Option<String>,
    /// The seat's number; none for a standing place.
    pub seat: Option<String>,
    /// The price tier's name.
    pub tier: String,
    /// What it costs.
    pub price: Money,
}

/// A ticket with its code.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Where it admits to.
    pub place: Place,
    /// Its QR code as PNG.
    pub qr: Vec<u8>,
}

/// A letter written out, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The stable name of what made it: `order_paid`.
    pub template: &'static str,
    /// The language it is written in.
    pub locale: Locale,
    /// The version of an organisation's template that made it; none: Ringside's own letter.
    pub version: Option<Uuid>,
    /// The subject line.
    pub subject: String,
    /// As a page; `cid:` addresses name inline attachments.
    pub html: String,
    /// Without markup.
    pub text: String,
    /// What goes with it.
    pub attachments: Vec<Attachment>,
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Shown inside the page under this name (`cid:…`); none: a file to open.
    pub inline: Option<String>,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The languages letters are written in; readers of others get English.
#[must_use]
pub fn written_in(locale: Locale) -> Locale {
    match locale {
        Locale::Th => Locale::Th,
        _ => Locale::En,
    }
}
