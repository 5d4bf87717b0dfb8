//! Import of a seat map from JSON, and the checks that both forms of import share.

use std::collections::HashSet;

use super::{SeatMap, Zone, ZoneKind};
use crate::seat::is_part;

/// An import tells at most this many errors.
pub const MAX_ERRORS: usize = 100;
/// A map has at most this many places, seats and standing places together.
pub const MAX_PLACES: usize = 40_000;
/// Decimetres from the ring's centre to the farthest seat we believe.
const FARTHEST: f32 = 10_000.0;
const LONGEST_NAME: usize = 80;

/// One thing that is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", self.place())]
pub struct ImportError {
    /// Line of the file, counted from 1; absent where only the place in the JSON is known.
    pub line: Option<u64>,
    /// CSV: the column, empty when the whole line is meant. JSON: the path
    /// (`zones[2].rows[0].seats[5]`), or the number of the column where it cannot be read.
    pub field: String,
    /// What kind of error.
    pub code: ImportCode,
    /// The error in plain English.
    pub message: String,
}

impl ImportError {
    /// Where to look: `line 14, column x`, `line 14` or `zones[2].rows[0].seats[5]`.
    pub fn place(&self) -> String {
        match (self.line, self.field.as_str()) {
            (Some(line), "") => format!("line {line}"),
            (Some(line), column) => format!("line {line}, column {column}"),
            (None, path) => path.to_owned(),
        }
    }
}

macro_rules! import_codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal),+ $(,)?) => {
        /// The kinds of import errors, with a stable name each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ImportCode { $($(#[$doc])* $code),+ }

        impl ImportCode {
            /// The stable name: `duplicate_seat`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => $name),+ }
            }
        }
    };
}

import_codes! {
    /// Not readable as CSV or JSON of the documented form.
    Unreadable = "unreadable",
    /// A column that does not exist.
    UnknownColumn = "unknown_column",
    /// A column that must be there.
    MissingColumn = "missing_column",
    /// A column that is there twice.
    DuplicateColumn = "duplicate_column",
    /// A line with more or fewer values than columns.
    WrongNumberOfValues = "wrong_number_of_values",
    /// A value that must be there.
    MissingValue = "missing_value",
    /// Not a number, or one that makes no sense.
    BadNumber = "bad_number",
    /// Not one to eight of A-Z and 0-9.
    BadLabel = "bad_label",
    /// A kind other than seated and standing.
    BadKind = "bad_kind",
    /// A flag that does not exist.
    BadFlag = "bad_flag",
    /// A name that is empty or too long.
    BadName = "bad_name",
    /// An outline with one or two corners.
    BadOutline = "bad_outline",
    /// The same seat twice.
    DuplicateSeat = "duplicate_seat",
    /// The same zone twice.
    DuplicateZone = "duplicate_zone",
    /// The same row twice in a zone.
    DuplicateRow = "duplicate_row",
    /// A zone without a place.
    EmptyZone = "empty_zone",
    /// A seat or a row in a standing zone.
    SeatInStandingZone = "seat_in_standing_zone",
    /// A number of standing places in a seated zone.
    CapacityInSeatedZone = "capacity_in_seated_zone",
    /// Lines of one zone that say different things about it.
    ZoneContradicts = "zone_contradicts",
    /// A map without zones.
    NoZones = "no_zones",
    /// More places than a map may have.
    TooManyPlaces = "too_many_places",
}

/// Where in the file something stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub line: Option<u64>,
    pub field: String,
}

/// Collects errors up to [`MAX_ERRORS`].
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<ImportError>);

impl Errors {
    pub fn push(&mut self, at: Place, code: ImportCode, message: impl Into<String>) {
        if !self.full() {
            self.0.push(ImportError { line: at.line, field: at.field, code, message: message.into() });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn full(&self) -> bool {
        self.0.len() >= MAX_ERRORS
    }

    /// The value when there was no error, else the errors in the order of the file.
    pub fn or<T>(mut self, value: T) -> Result<T, Vec<ImportError>> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|error| error.line);
        Err(self.0)
    }

    pub fn label(&mut self, at: Place, what: &str, text: &str) {
        if !is_part(text) {
            self.push(at, ImportCode::BadLabel, format!("{what} {text:?} must be 1 to 8 of A-Z and 0-9"));
        }
    }

    pub fn name(&mut self, at: Place, text: &str) {
        if text.trim().is_empty() || text.chars().count() > LONGEST_NAME {
            self.push(at, ImportCode::BadName, format!("a name has 1 to {LONGEST_NAME} characters"));
        }
    }

    pub fn length(&mut self, at: Place, number: f32) {
        if !number.is_finite() || number.abs() > FARTHEST {
            let message = format!("must be a number of decimetres between -{FARTHEST} and {FARTHEST}");
            self.push(at, ImportCode::BadNumber, message);
        }
    }

    pub fn total(&mut self, at: Place, places: usize) {
        if places > MAX_PLACES {
            let message = format!("{places} places; a map has at most {MAX_PLACES}");
            self.push(at, ImportCode::TooManyPlaces, message);
        }
    }
}

/// Reads a seat map from JSON, in the form a [`SeatMap`] is written in; `docs/seat-map-import.md`
/// describes it. Lengths are rounded to whole centimetres.
///
/// # Errors
/// All errors, at most [`MAX_ERRORS`]: one with line and column when the text is not JSON of that
/// form, else each with its path.
pub fn import_json(text: &str) -> Result<SeatMap, Vec<ImportError>> {
    let mut errors = Errors::default();
    let mut map: SeatMap = match serde_json::from_str(text) {
        Ok(map) => map,
        Err(error) => {
            let at = Place { line: Some(error.line() as u64), field: error.column().to_string() };
            errors.push(at, ImportCode::Unreadable, error.to_string());
            return errors.or(SeatMap { name: String::new(), ring: super::Ring::default(), zones: vec![] });
        }
    };
    let at = |field: &str| Place { line: None, field: field.to_owned() };
    errors.name(at("name"), &map.name);
    for (field, length) in [("ring.x", map.ring.x), ("ring.y", map.ring.y), ("ring.size", map.ring.size)] {
        errors.length(at(field), length);
    }
    if map.ring.size <= 0.0 {
        errors.push(at("ring.size"), ImportCode::BadNumber, "must be more than 0");
    }
    if map.zones.is_empty() {
        errors.push(at("zones"), ImportCode::NoZones, "a map needs at least one zone");
    }
    let mut codes = HashSet::new();
    for (number, zone) in map.zones.iter().enumerate() {
        let path = format!("zones[{number}]");
        if !codes.insert(&zone.code) {
            let message = format!("zone {} is there twice", zone.code);
            errors.push(at(&format!("{path}.code")), ImportCode::DuplicateZone, message);
        }
        check_zone(&mut errors, &path, zone);
    }
    let places = map.zones.iter().fold(0_usize, |sum, zone| sum.saturating_add(zone.places()));
    errors.total(at("zones"), places);
    tidy(&mut map);
    errors.or(map)
}

fn check_zone(errors: &mut Errors, path: &str, zone: &Zone) {
    let at = |field: &str| Place { line: None, field: format!("{path}{field}") };
    errors.label(at(".code"), "zone", &zone.code);
    errors.name(at(".name.en"), &zone.name.en);
    if let Some(thai) = &zone.name.th {
        errors.name(at(".name.th"), thai);
    }
    if matches!(zone.outline.len(), 1 | 2) {
        errors.push(at(".outline"), ImportCode::BadOutline, "an outline has at least three corners");
    }
    for (corner, point) in zone.outline.iter().enumerate() {
        point.iter().for_each(|length| errors.length(at(&format!(".outline[{corner}]")), *length));
    }
    match zone.kind {
        ZoneKind::Standing if !zone.rows.is_empty() => {
            errors.push(at(".rows"), ImportCode::SeatInStandingZone, "a standing zone has no rows");
        }
        ZoneKind::Seated if zone.capacity > 0 => {
            let message = "only a standing zone has a capacity; a seated zone has its seats";
            errors.push(at(".capacity"), ImportCode::CapacityInSeatedZone, message);
        }
        _ if zone.places() == 0 => {
            errors.push(at(""), ImportCode::EmptyZone, format!("zone {} has no place", zone.code));
        }
        _ => check_rows(errors, path, zone),
    }
}

fn check_rows(errors: &mut Errors, path: &str, zone: &Zone) {
    let mut labels = HashSet::new();
    for (number, row) in zone.rows.iter().enumerate() {
        if errors.full() {
            return;
        }
        let path = format!("{path}.rows[{number}]");
        let at = |field: &str| Place { line: None, field: format!("{path}{field}") };
        errors.label(at(".label"), "row", &row.label);
        if !labels.insert(&row.label) {
            let message = format!("row {} is there twice in zone {}", row.label, zone.code);
            errors.push(at(".label"), ImportCode::DuplicateRow, message);
        }
        let mut numbers = HashSet::new();
        for (number, seat) in row.seats.iter().enumerate() {
            let at = || at(&format!(".seats[{number}]"));
            errors.label(at(), "seat", &seat.number);
            errors.length(at(), seat.x);
            errors.length(at(), seat.y);
            if !numbers.insert(&seat.number) {
                let message = format!("seat {}-{}-{} is there twice", zone.code, row.label, seat.number);
                errors.push(at(), ImportCode::DuplicateSeat, message);
            }
        }
    }
}

/// Room around the middle of a seat, decimetres, when an outline is drawn around seats.
const SEAT_MARGIN: f32 = 4.0;

/// Rounds lengths to centimetres, drops empty rows and draws missing outlines of seated zones.
pub(super) fn tidy(map: &mut SeatMap) {
    let round = |length: f32| (length * 10.0).round() / 10.0;
    for zone in &mut map.zones {
        zone.rows.retain(|row| !row.seats.is_empty());
        for seat in zone.rows.iter_mut().flat_map(|row| &mut row.seats) {
            (seat.x, seat.y) = (round(seat.x), round(seat.y));
        }
        if zone.outline.is_empty() {
            zone.outline = super::widened(zone.seats().map(|(_, seat)| [seat.x, seat.y]), SEAT_MARGIN);
        }
        for point in &mut zone.outline {
            *point = point.map(round);
        }
    }
}
