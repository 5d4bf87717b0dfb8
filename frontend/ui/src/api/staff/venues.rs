//! Venues, their seat maps and gates.

use contract::endpoints;
use contract::page::Page;
use contract::venues::{CreateGate, CreateVenue, Gate, SeatMapImport, SeatMapSummary, Venue};
use domain::seat_map::SeatMap;

use crate::api::{Failure, to};

/// Venues the organisation may use.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<Venue>, Failure> {
    to(endpoints::LIST_VENUES).query("limit", "200").send().await
}

/// One venue.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(venue: &str) -> Result<Venue, Failure> {
    to(endpoints::GET_VENUE).at(&[venue]).send().await
}

/// Sets up a venue.
///
/// # Errors
/// [`Failure`]; with `invalid_fields` it names the fields.
pub async fn create(venue: &CreateVenue, intent: &str) -> Result<Venue, Failure> {
    to(endpoints::CREATE_VENUE).body(venue).intent(intent).send().await
}

/// The maps of a venue, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn seat_maps(venue: &str) -> Result<Page<SeatMapSummary>, Failure> {
    to(endpoints::LIST_SEAT_MAPS).at(&[venue]).send().await
}

/// A map with all its seats.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn seat_map(map: &str) -> Result<SeatMap, Failure> {
    to(endpoints::GET_SEAT_MAP).at(&[map]).send().await
}

/// Imports a seat map file; with `dry_run` it is only read.
///
/// # Errors
/// [`Failure`]; with `import_failed` its fields are the errors by line.
pub async fn import(
    venue: &str,
    media_type: &str,
    name: &str,
    file: String,
    dry_run: bool,
    intent: &str,
) -> Result<SeatMapImport, Failure> {
    let call = to(endpoints::IMPORT_SEAT_MAP).at(&[venue]).query("name", name).text(media_type, file);
    call.query("dry_run", if dry_run { "true" } else { "" }).intent(intent).send().await
}

/// The gates of a venue.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn gates(venue: &str) -> Result<Page<Gate>, Failure> {
    to(endpoints::LIST_GATES).at(&[venue]).query("limit", "200").send().await
}

/// Sets up a gate.
///
/// # Errors
/// [`Failure`]; with `invalid_fields` it names the fields.
pub async fn create_gate(venue: &str, gate: &CreateGate, intent: &str) -> Result<Gate, Failure> {
    to(endpoints::CREATE_GATE).at(&[venue]).body(gate).intent(intent).send().await
}
