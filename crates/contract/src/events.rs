//! Fight nights, for staff and for the public.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{Locale, Money, state::EventState};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One fight on the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Bout {
    /// Who stands in the red corner.
    #[garde(length(chars, min = 1, max = 80), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Red"))]
    pub red: String,
    /// Who stands in the blue corner.
    #[garde(length(chars, min = 1, max = 80), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Blue"))]
    pub blue: String,
    /// Weight class or title.
    #[serde(default)]
    #[garde(length(chars, max = 80), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Lightweight title"))]
    pub class: String,
    /// Rounds agreed.
    #[garde(range(min = 1, max = 15))]
    #[cfg_attr(feature = "utoipa", schema(example = 5))]
    pub rounds: i16,
}

/// An event's words in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EventText {
    /// What the night is called.
    #[garde(length(chars, min = 1, max = 120), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Fight Night 12"))]
    pub title: String,
    /// A few plain sentences.
    #[serde(default)]
    #[garde(length(chars, max = 4000))]
    pub description: String,
}

/// The price of a ticket in some zones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PriceTier {
    /// What it is called: `Ringside`.
    #[garde(length(chars, min = 1, max = 60), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Ringside"))]
    pub name: String,
    /// The price of one place, tax included.
    #[garde(custom(sellable))]
    pub price: Money,
    /// Codes of the zones sold at this price.
    #[garde(length(min = 1, max = 200), inner(length(min = 1, max = 8)))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["R1", "R2"])))]
    pub zones: Vec<String>,
}

fn sellable(price: &Money, _: &()) -> garde::Result {
    if (0..=100_000_000).contains(&price.amount) {
        Ok(())
    } else {
        Err(garde::Error::new("must be between 0 and 100,000,000 minor units"))
    }
}

/// Sets up an event as a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateEvent {
    /// Where it happens.
    #[garde(skip)]
    pub venue_id: Uuid,
    /// Which map its seats come from; the venue's latest when absent.
    #[serde(default)]
    #[garde(skip)]
    pub seat_map_id: Option<Uuid>,
    /// The short name in its address.
    #[garde(length(min = 2, max = 80), pattern(r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    #[cfg_attr(feature = "utoipa", schema(example = "fight-night-12"))]
    pub slug: String,
    /// Its words by language; at least one.
    #[garde(length(min = 1), custom(complete_texts))]
    pub texts: BTreeMap<String, EventText>,
    /// When the doors open.
    #[garde(skip)]
    pub doors_at: DateTime<Utc>,
    /// When the first bout begins.
    #[garde(skip)]
    pub starts_at: DateTime<Utc>,
    /// When everybody goes home.
    #[garde(skip)]
    pub ends_at: DateTime<Utc>,
    /// The fight card, main event first.
    #[serde(default)]
    #[garde(dive, length(max = 40))]
    pub bouts: Vec<Bout>,
    /// Prices; every zone of the map needs one before the sale can open.
    #[serde(default)]
    #[garde(dive, length(max = 50))]
    pub prices: Vec<PriceTier>,
}

/// Changes an event; what is absent stays. Times, map and prices of an event on sale stay as they are
/// once seats are sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[derive(Default)]
pub struct UpdateEvent {
    /// The `version` that was read; another one means somebody changed it meanwhile.
    #[garde(skip)]
    pub version: i32,
    /// The short name in its address.
    #[serde(default)]
    #[garde(inner(length(min = 2, max = 80), pattern(r"^[a-z0-9]+(-[a-z0-9]+)*$")))]
    pub slug: Option<String>,
    /// Its words by language.
    #[serde(default)]
    #[garde(inner(length(min = 1), custom(complete_texts)))]
    pub texts: Option<BTreeMap<String, EventText>>,
    /// When the doors open.
    #[serde(default)]
    #[garde(skip)]
    pub doors_at: Option<DateTime<Utc>>,
    /// When the first bout begins.
    #[serde(default)]
    #[garde(skip)]
    pub starts_at: Option<DateTime<Utc>>,
    /// When everybody goes home.
    #[serde(default)]
    #[garde(skip)]
    pub ends_at: Option<DateTime<Utc>>,
    /// The fight card, main event first.
    #[serde(default)]
    #[garde(dive, custom(at_most::<40, Bout>))]
    pub bouts: Option<Vec<Bout>>,
    /// Prices.
    #[serde(default)]
    #[garde(dive, custom(at_most::<50, PriceTier>))]
    pub prices: Option<Vec<PriceTier>>,
}

fn at_most<const MOST: usize, T>(list: &Option<Vec<T>>, _: &()) -> garde::Result {
    match list {
        Some(list) if list.len() > MOST => Err(garde::Error::new(format!("length is greater than {MOST}"))),
        _ => Ok(()),
    }
}

fn complete_texts(texts: &BTreeMap<String, EventText>, _: &()) -> garde::Result {
    for (language, text) in texts {
        if Locale::from_tag(language).is_none_or(|locale| locale.code() != language) {
            return Err(garde::Error::new(format!("{language} is not a language we know")));
        }
        text.validate().map_err(|report| garde::Error::new(format!("{language}: {report}")))?;
    }
    Ok(())
}

/// An event as staff see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Event {
    /// The event.
    pub id: Uuid,
    /// Who sells it.
    pub org_id: Uuid,
    /// Where it happens.
    pub venue_id: Uuid,
    /// The venue's name.
    pub venue_name: String,
    /// The IANA name of the venue's time zone.
    pub time_zone: String,
    /// Which map its seats come from.
    pub seat_map_id: Uuid,
    /// The short name in its address.
    pub slug: String,
    /// What may happen to it.
    pub state: EventState,
    /// Its words by language.
    pub texts: BTreeMap<String, EventText>,
    /// When the doors open.
    pub doors_at: DateTime<Utc>,
    /// When the first bout begins.
    pub starts_at: DateTime<Utc>,
    /// When everybody goes home.
    pub ends_at: DateTime<Utc>,
    /// The fight card, main event first.
    pub bouts: Vec<Bout>,
    /// Prices.
    pub prices: Vec<PriceTier>,
    /// Numbered seats and standing places in all.
    pub capacity: i32,
    /// Places sold.
    pub sold: i32,
    /// Counts changes; send it back with an update.
    pub version: i32,
}

/// An event as the public sees it, in the language asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct PublicEvent {
    /// The event.
    pub id: Uuid,
    /// The short name in its address.
    pub slug: String,
    /// `published`, `on_sale`, `closed` or `cancelled`.
    pub state: EventState,
    /// What the night is called.
    pub title: String,
    /// A few plain sentences.
    pub description: String,
    /// Who sells it.
    pub promoter: String,
    /// The venue's name.
    pub venue_name: String,
    /// The venue's address.
    pub venue_address: String,
    /// The IANA name of the venue's time zone.
    pub time_zone: String,
    /// When the doors open.
    pub doors_at: DateTime<Utc>,
    /// When the first bout begins.
    pub starts_at: DateTime<Utc>,
    /// When everybody goes home.
    pub ends_at: DateTime<Utc>,
    /// The fight card, main event first.
    pub bouts: Vec<Bout>,
    /// Prices.
    pub prices: Vec<PriceTier>,
    /// The lowest price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_price: Option<Money>,
    /// Whether nothing is free just now.
    pub sold_out: bool,
    /// The map, to be read from `get_public_seat_map`.
    pub seat_map_id: Uuid,
}

/// What is free just now. Seats stand in the order of the seat map: zones, rows, seats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Availability {
    /// The event.
    pub event_id: Uuid,
    /// When it was read, in milliseconds since 1970: of two answers the larger is the newer.
    pub version: i64,
    /// One character a seat: `.` free, `h` held, `x` sold, `b` not for sale.
    #[cfg_attr(feature = "utoipa", schema(example = "..hx...."))]
    pub seats: String,
    /// Free standing places by zone code.
    pub standing: BTreeMap<String, i32>,
    /// Free places, seated and standing, by zone code.
    pub free: BTreeMap<String, i32>,
}
