//! Every statement about seat maps.

use chrono::{DateTime, Utc};
use contract::venues::{SeatMapImport, SeatMapSummary};
use db_schema::{seat_maps, venues};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use domain::seat_map::SeatMap;
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use platform::guard::Reach;
use serde_json::Value;
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = seat_maps, check_for_backend(diesel::pg::Pg))]
struct SummaryRow {
    id: Uuid,
    venue_id: Uuid,
    name: String,
    zones: Value,
    seats: i32,
    standing: i32,
    created_at: DateTime<Utc>,
}

impl TryFrom<SummaryRow> for SeatMapSummary {
    type Error = ApiError;

    fn try_from(row: SummaryRow) -> ApiResult<Self> {
        Ok(Self {
            id: row.id,
            venue_id: row.venue_id,
            name: row.name,
            seats: row.seats,
            standing: row.standing,
            zones: serde_json::from_value(row.zones)?,
            created_at: row.created_at,
        })
    }
}

/// At most `limit` maps of a venue, newest first, those before `before`.
pub(crate) async fn list(
    conn: &mut Conn,
    venue_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<SeatMapSummary>> {
    let rows: Vec<SummaryRow> = seat_maps::table
        .filter(seat_maps::venue_id.eq(venue_id))
        .filter(seat_maps::id.lt(before.unwrap_or(Uuid::max())))
        .order(seat_maps::id.desc())
        .limit(limit)
        .select(SummaryRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(SeatMapSummary::try_from).collect()
}

/// The latest map of each of the venues that has one.
pub(crate) async fn latest_of(conn: &mut Conn, venue_ids: &[Uuid]) -> ApiResult<Vec<SeatMapSummary>> {
    let rows: Vec<SummaryRow> = seat_maps::table
        .filter(seat_maps::venue_id.eq_any(venue_ids))
        .distinct_on(seat_maps::venue_id)
        .order((seat_maps::venue_id, seat_maps::id.desc()))
        .select(SummaryRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(SeatMapSummary::try_from).collect()
}

/// A map of a venue the organisation may use, as the JSON it was kept as.
pub(crate) async fn json_for(conn: &mut Conn, org: Uuid, reach: &Reach, id: Uuid) -> ApiResult<String> {
    let mut query = seat_maps::table
        .inner_join(venues::table)
        .filter(seat_maps::id.eq(id))
        .filter(venues::org_id.eq(org).or(venues::open_to_promoters))
        .select(sql::<Text>("seat_maps.map::text"))
        .into_boxed();
    if let Some(within) = reach.venues() {
        query = query.filter(venues::id.eq_any(within));
    }
    Ok(query.first(conn).await?)
}

/// Keeps a map.
pub(crate) async fn insert(
    conn: &mut Conn,
    venue_id: Uuid,
    map: &SeatMap,
    import: &SeatMapImport,
) -> ApiResult<()> {
    let id = import.id.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a map to keep has an id")))?;
    diesel::sql_query(
        "INSERT INTO seat_maps (id, venue_id, name, map, zones, seats, standing)
         VALUES ($1, $2, $3, $4::json, $5, $6, $7)",
    )
    .bind::<diesel::sql_types::Uuid, _>(id)
    .bind::<diesel::sql_types::Uuid, _>(venue_id)
    .bind::<Text, _>(&map.name)
    .bind::<Text, _>(serde_json::to_string(map)?)
    .bind::<diesel::sql_types::Jsonb, _>(serde_json::to_value(&import.zones)?)
    .bind::<diesel::sql_types::Int4, _>(import.seats)
    .bind::<diesel::sql_types::Int4, _>(import.standing)
    .execute(conn)
    .await?;
    Ok(())
}
