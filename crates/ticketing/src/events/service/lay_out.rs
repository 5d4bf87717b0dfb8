//! Makes the rows that are sold: one for each seat, and buckets of standing places.

use domain::seat_map::{SeatMap, ZoneKind};
use platform::{
    db::Tx,
    error::{ApiError, ApiResult},
};

use crate::events::queries::{self, EventRow};

/// Buyers of one standing zone are spread over this many rows, so that they seldom wait for each other.
const BUCKETS: i32 = 8;

/// Lays the event's seats out, unless that was done before.
pub async fn once(tx: &mut Tx<'_>, event: &EventRow) -> ApiResult<()> {
    if queries::is_laid_out(tx, event.id).await? {
        return Ok(());
    }
    let map: SeatMap = serde_json::from_value(queries::map(tx, event.seat_map_id).await?)?;
    let (mut labels, mut zones) = (Vec::new(), Vec::new());
    for (zone, row, seat) in map.seats() {
        labels.push(SeatMap::label(zone, row, seat).map_err(ApiError::internal)?.to_string());
        zones.push(zone.code.clone());
    }
    queries::insert_seats(tx, event.id, &labels, &zones).await?;
    for zone in map.zones.iter().filter(|zone| zone.kind == ZoneKind::Standing) {
        let places = i32::try_from(zone.capacity).map_err(ApiError::internal)?;
        queries::insert_buckets(tx, event.id, &zone.code, places, BUCKETS.min(places)).await?;
    }
    Ok(())
}
