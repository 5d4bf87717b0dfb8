//! Venues, their seat maps and gates.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A place where fights happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Venue {
    /// The venue.
    pub id: Uuid,
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Stadium"))]
    pub name: String,
    /// Street and city.
    #[cfg_attr(feature = "utoipa", schema(example = "1 Ring Road, Bangkok"))]
    pub address: String,
    /// The IANA name of its time zone; doors and bouts are told in it.
    #[cfg_attr(feature = "utoipa", schema(example = "Asia/Bangkok"))]
    pub time_zone: String,
    /// Whether every promoter may book it.
    pub open_to_promoters: bool,
    /// Whether the reader's organisation owns it and may change it.
    pub own: bool,
    /// The latest seat map, if one was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat_map: Option<SeatMapSummary>,
}

/// Sets up a venue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateVenue {
    /// Its name.
    #[garde(length(chars, min = 2, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Stadium"))]
    pub name: String,
    /// Street and city.
    #[garde(length(chars, min = 2, max = 200))]
    #[cfg_attr(feature = "utoipa", schema(example = "1 Ring Road, Bangkok"))]
    pub address: String,
    /// The IANA name of its time zone.
    #[garde(length(min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Asia/Bangkok"))]
    pub time_zone: String,
    /// Whether every promoter may book it.
    #[serde(default)]
    #[garde(skip)]
    pub open_to_promoters: bool,
}

/// A seat map without its seats. A map never changes; a new import makes a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SeatMapSummary {
    /// The map.
    pub id: Uuid,
    /// Its venue.
    pub venue_id: Uuid,
    /// What it is called.
    #[cfg_attr(feature = "utoipa", schema(example = "Ring in the middle"))]
    pub name: String,
    /// Numbered seats.
    pub seats: i32,
    /// Standing places.
    pub standing: i32,
    /// Zones by code.
    pub zones: Vec<ZoneSummary>,
    /// When it was imported.
    pub created_at: DateTime<Utc>,
}

/// A zone in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ZoneSummary {
    /// Its code: `N1`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is standing room.
    pub standing: bool,
    /// Places in it.
    pub places: i32,
}

/// What an import found. With `dry_run=true` nothing was kept and `id` is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SeatMapImport {
    /// The new map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Numbered seats found.
    pub seats: i32,
    /// Standing places found.
    pub standing: i32,
    /// Zones found.
    pub zones: Vec<ZoneSummary>,
}

/// A door where tickets are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Gate {
    /// The gate.
    pub id: Uuid,
    /// Its venue.
    pub venue_id: Uuid,
    /// What the sign says.
    #[cfg_attr(feature = "utoipa", schema(example = "Gate A"))]
    pub name: String,
    /// Codes of the zones it leads to; empty when it leads to all.
    pub zones: Vec<String>,
}

/// Sets up a gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateGate {
    /// What the sign says.
    #[garde(length(chars, min = 1, max = 40), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Gate A"))]
    pub name: String,
    /// Codes of the zones it leads to; empty when it leads to all.
    #[serde(default)]
    #[garde(length(max = 200), inner(length(min = 1, max = 8)))]
    pub zones: Vec<String>,
}
