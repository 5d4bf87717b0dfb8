//! Short, expiring claims on seats before payment.

use chrono::{DateTime, Utc};
use domain::Money;
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most places one hold or order may have.
pub const MAX_PLACES: usize = 12;
/// The most that is read at all; between the two the refusal is `too_many_places`.
pub(crate) const MOST_NAMED: usize = 100;

/// Standing places of one zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The zone's code.
    #[garde(length(min = 1, max = 8))]
    #[cfg_attr(feature = "utoipa", schema(example = "TN"))]
    pub zone: String,
    /// How many.
    #[garde(range(min = 1, max = MOST_NAMED as i32))]
    #[cfg_attr(feature = "utoipa", schema(example = 2, minimum = 1, maximum = 12))]
    pub quantity: i32,
}

/// Claims seats and standing places: all of them or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// Labels of seats: `R1-A-12`.
    #[serde(default)]
    #[garde(length(max = MOST_NAMED), inner(length(min = 5, max = 26)))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["R1-A-12", "R1-A-13"])))]
    pub seats: Vec<String>,
    /// Standing places.
    #[serde(default)]
    #[garde(length(max = MOST_NAMED), dive)]
    pub standing: Vec<Standing>,
}

/// Asks for the best free seats, side by side where possible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BestAvailable {
    /// How many.
    #[garde(range(min = 1, max = MAX_PLACES as i32))]
    #[cfg_attr(feature = "utoipa", schema(example = 2, minimum = 1, maximum = 12))]
    pub quantity: i32,
    /// Only in these zones; empty means any.
    #[serde(default)]
    #[garde(length(max = 200), inner(length(min = 1, max = 8)))]
    pub zones: Vec<String>,
    /// At most this much a place, in minor units.
    #[serde(default)]
    #[garde(skip)]
    pub max_price: Option<i64>,
}

/// One place and its price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Place {
    /// The zone's code.
    pub zone: String,
    /// The seat's label; absent for a standing place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The price tier's name.
    pub tier: String,
    /// Its price.
    pub price: Money,
}

/// Seats claimed until `expires_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Hold {
    /// The hold.
    pub id: Uuid,
    /// Whoever knows it may order or give back: keep it.
    pub secret: String,
    /// Of which event.
    pub event_id: Uuid,
    /// When the seats become free again.
    pub expires_at: DateTime<Utc>,
    /// What is claimed.
    pub places: Vec<Place>,
    /// What it costs in all.
    pub total: Money,
}
