//! A seat map: where the ring, the zones and every seat of a venue are.
//!
//! Lengths are decimetres on a plane with the ring's centre at 0,0; x grows to the east, y to the
//! south, as on a screen with north above. The JSON form is compact: a seat is
//! `[number, x, y]` or `[number, x, y, flags]`, so that 8,000 seats travel in a few dozen kilobytes.

mod import;
mod import_csv;
mod outline;
mod seat_json;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use import::{ImportCode, ImportError, MAX_ERRORS, MAX_PLACES, import_json};
pub use import_csv::import_csv;
pub use outline::{hull, widened};

use crate::seat::{SeatLabel, SeatLabelError};

/// A venue's places for one way of setting it up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeatMap {
    /// What this set-up is called.
    #[cfg_attr(feature = "utoipa", schema(example = "Ring in the middle"))]
    pub name: String,
    /// Where the ring stands.
    #[serde(default)]
    pub ring: Ring,
    /// The zones, in the order seats are counted.
    pub zones: Vec<Zone>,
}

/// The ring: a square around its centre.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Centre, decimetres.
    pub x: f32,
    /// Centre, decimetres.
    pub y: f32,
    /// Length of a side with the apron, decimetres.
    pub size: f32,
}

impl Default for Ring {
    /// A ring of 6.1 m between the ropes with its apron, in the middle.
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, size: 73.0 }
    }
}

/// A part of the venue that is sold at one price: numbered seats or standing room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The code in seat labels: one to eight of `A-Z` and `0-9`.
    #[cfg_attr(feature = "utoipa", schema(example = "R1"))]
    pub code: String,
    /// What signs and tickets say.
    pub name: ZoneName,
    /// Numbered or standing.
    pub kind: ZoneKind,
    /// Standing places; 0 in a seated zone.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub capacity: u32,
    /// Corners of its area in order, decimetres; drawn behind the seats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<[f32; 2]>,
    /// Rows of seats; none in a standing zone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// A zone's name in English and, where given, in Thai.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ZoneName {
    /// English.
    #[cfg_attr(feature = "utoipa", schema(example = "Ringside north"))]
    pub en: String,
    /// Thai.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub th: Option<String>,
}

/// Whether places of a zone have numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ZoneKind {
    /// Numbered seats.
    Seated,
    /// A number of places without numbers.
    Standing,
}

/// A row of seats, counted from the ring outwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// One to eight of `A-Z` and `0-9`.
    #[cfg_attr(feature = "utoipa", schema(example = "A"))]
    pub label: String,
    /// Its seats side by side.
    pub seats: Vec<Seat>,
}

/// A numbered seat. In JSON: `["12", -30.5, 120]` or `["12", -30.5, 120, "a"]`, where the flags are
/// letters: `a` accessible, `c` companion, `r` restricted view.
#[derive(Debug, Clone, PartialEq)]
pub struct Seat {
    /// One to eight of `A-Z` and `0-9`.
    pub number: String,
    /// Middle of the seat, decimetres east of the ring's centre.
    pub x: f32,
    /// Middle of the seat, decimetres south of the ring's centre.
    pub y: f32,
    /// Room for a wheelchair, reached without steps.
    pub accessible: bool,
    /// For the companion of the accessible seat beside it.
    pub companion: bool,
    /// Something stands in the line of sight.
    pub restricted_view: bool,
}

impl Seat {
    /// A plain seat.
    pub fn new(number: impl Into<String>, x: f32, y: f32) -> Self {
        Self { number: number.into(), x, y, accessible: false, companion: false, restricted_view: false }
    }
}

impl Zone {
    /// Number of places: seats or standing places.
    pub fn places(&self) -> usize {
        match self.kind {
            ZoneKind::Seated => self.rows.iter().map(|row| row.seats.len()).sum(),
            ZoneKind::Standing => self.capacity as usize,
        }
    }

    /// The seats with the row they are in, in the order they are counted.
    pub fn seats(&self) -> impl Iterator<Item = (&Row, &Seat)> {
        self.rows.iter().flat_map(|row| row.seats.iter().map(move |seat| (row, seat)))
    }
}

impl SeatMap {
    /// Number of numbered seats.
    pub fn seat_count(&self) -> usize {
        self.of_kind(ZoneKind::Seated)
    }

    /// Number of standing places.
    pub fn standing_count(&self) -> usize {
        self.of_kind(ZoneKind::Standing)
    }

    fn of_kind(&self, kind: ZoneKind) -> usize {
        self.zones.iter().filter(|zone| zone.kind == kind).map(Zone::places).sum()
    }

    /// All seats with zone and row, in the order they are counted: zones, rows, seats.
    pub fn seats(&self) -> impl Iterator<Item = (&Zone, &Row, &Seat)> {
        self.zones.iter().flat_map(|zone| zone.seats().map(move |(row, seat)| (zone, row, seat)))
    }

    /// The label of a seat of this map.
    ///
    /// # Errors
    /// [`SeatLabelError`] when a code was not checked by an import.
    pub fn label(zone: &Zone, row: &Row, seat: &Seat) -> Result<SeatLabel, SeatLabelError> {
        SeatLabel::new(&zone.code, &row.label, &seat.number)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}
