//! The rules of venues.

use std::collections::HashMap;
use std::str::FromStr;

use chrono_tz::Tz;
use contract::ErrorCode;
use contract::venues::{CreateVenue, SeatMapSummary, Venue};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::guard::Reach;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, VenueRow};
use crate::seat_maps;

/// A page of the venues an organisation may use, with the latest map of each.
pub(crate) async fn list(
    conn: &mut Conn,
    (org, reach): (Uuid, &Reach),
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Venue>> {
    let rows = queries::list(conn, org, reach, after, limit).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let maps = seat_maps::queries::latest_of(conn, &ids).await?;
    let mut maps: HashMap<Uuid, SeatMapSummary> = maps.into_iter().map(|map| (map.venue_id, map)).collect();
    Ok(rows
        .into_iter()
        .map(|row| (maps.remove(&row.id), row))
        .map(|(map, row)| row.seen_by(org, map))
        .collect())
}

/// A venue the organisation may use; another one is not there.
pub(crate) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Venue> {
    let row = queries::find(conn, org, id).await?;
    let map = seat_maps::queries::latest_of(conn, &[id]).await?.pop();
    Ok(row.seen_by(org, map))
}

/// Sets up a venue of the organisation.
pub async fn create(tx: &mut Tx<'_>, org: Uuid, wish: &CreateVenue) -> ApiResult<Venue> {
    if Tz::from_str(&wish.time_zone).is_err() {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault("time_zone", "unknown_time_zone", "There is no such time zone."));
    }
    let row = VenueRow {
        id: new_id(),
        org_id: org,
        name: wish.name.trim().to_owned(),
        address: wish.address.trim().to_owned(),
        time_zone: wish.time_zone.clone(),
        open_to_promoters: wish.open_to_promoters,
    };
    queries::insert(tx, &row).await?;
    tx.audit(Change::new(Some(org), "venue.created", row.id).after(json!({
        "name": row.name, "time_zone": row.time_zone, "open_to_promoters": row.open_to_promoters,
    })));
    Ok(row.seen_by(org, None))
}

/// Refuses unless the venue is the organisation's own: a strange one is not there, one that is only
/// lent may not be changed.
pub(crate) async fn must_own(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    let row = queries::find(conn, org, id).await?;
    if row.org_id != org {
        return Err(ApiError::new(ErrorCode::NotPermitted).detail("Only the owner of a venue changes it."));
    }
    Ok(())
}
