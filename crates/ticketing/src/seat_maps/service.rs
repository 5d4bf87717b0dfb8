//! The rules of seat maps.

use contract::venues::{SeatMapImport, SeatMapSummary, ZoneSummary};
use domain::ids::new_id;
use domain::seat_map::{SeatMap, ZoneKind};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::venues;

/// A page of the maps of a venue the organisation may use.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    venue_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<SeatMapSummary>> {
    venues::queries::find(conn, org, venue_id).await?;
    queries::list(conn, venue_id, before, limit).await
}

/// Keeps a checked map as the venue's latest.
pub async fn keep(tx: &mut Tx<'_>, org: Uuid, venue_id: Uuid, map: &SeatMap) -> ApiResult<SeatMapImport> {
    venues::service::must_own(tx, org, venue_id).await?;
    let id = new_id();
    let import = found(Some(id), map);
    queries::insert(tx, venue_id, map, &import).await?;
    let change = Change::new(Some(org), "seat_map.imported", id);
    tx.audit(change.after(json!({"venue": venue_id, "seats": import.seats, "standing": import.standing})));
    Ok(import)
}

/// What a file holds. An import is never larger than `MAX_PLACES`, so every number fits.
pub(crate) fn found(id: Option<Uuid>, map: &SeatMap) -> SeatMapImport {
    let number = |places: usize| i32::try_from(places).unwrap_or(i32::MAX);
    let zones = map.zones.iter().map(|zone| ZoneSummary {
        code: zone.code.clone(),
        name: zone.name.en.clone(),
        standing: zone.kind == ZoneKind::Standing,
        places: number(zone.places()),
    });
    SeatMapImport {
        id,
        seats: number(map.seat_count()),
        standing: number(map.standing_count()),
        zones: zones.collect(),
    }
}
