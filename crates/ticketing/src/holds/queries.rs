//! Every SQL statement of holds.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Binary, Bool, Integer, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::seat_map::SeatMap;
use platform::{
    db::{Conn, sql},
    error::ApiResult,
};
use serde_json::Value;
use uuid::Uuid;

use crate::inventory::{Claim, PlaceRow, Wish};

/// Claims the seats of a wish and keeps the hold, when all of them could be claimed and the event is
/// on sale. Standing places have been claimed before. Gives the places back in the order of the map;
/// fewer than were asked for mean that nothing was kept and the transaction must be undone.
///
/// `locked` takes the seats in the order of their labels, so that two buyers of overlapping seats never
/// wait for each other in a circle. `claimed` is a conditional UPDATE: of two buyers the second waits for the first, looks again and
/// finds the seat held.
const INSERT: &str = "
WITH locked AS (
    SELECT event_id, seat FROM event_seats WHERE event_id = $1 AND seat = ANY($5) ORDER BY seat FOR UPDATE
), claimed AS (
    UPDATE event_seats s SET state = 'held', hold_id = $2, order_id = NULL, held_until = $4
      FROM locked
     WHERE s.event_id = $1 AND s.seat = locked.seat
       AND (s.state = 'free' OR s.state = 'held' AND s.held_until <= $3)
    RETURNING s.zone, s.seat, s.position
), places AS (
    SELECT (row_number() OVER (ORDER BY p.position, z.position))::int2 AS position,
           p.zone, p.seat, z.tier, z.price, z.currency
      FROM (SELECT zone, seat, position FROM claimed
            UNION ALL
            SELECT s.zone, NULL, 2147483647
              FROM unnest($6, $7) AS s (zone, quantity), generate_series(1, s.quantity)) p
      JOIN event_zones z ON z.event_id = $1 AND z.zone = p.zone
), kept AS (
    INSERT INTO holds (id, event_id, secret_hash, seats, places, expires_at, created_at)
    SELECT $2, e.id, $8, $5, $9, $4, $3
      FROM events e
     WHERE e.id = $1 AND e.state = 'on_sale' AND (SELECT count(*) FROM places) = $9
)
SELECT * FROM places ORDER BY position";

pub(crate) async fn insert(
    mut conn: &Conn,
    claim: &Claim,
    id: Uuid,
    wish: &Wish,
    secret_hash: &[u8],
) -> ApiResult<Vec<PlaceRow>> {
    let (zones, quantities) = wish.standing_arrays();
    let rows = sql(INSERT)
        .bind::<SqlUuid, _>(claim.event_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(claim.now)
        .bind::<Timestamptz, _>(claim.until)
        .bind::<Array<Text>, _>(&wish.seats)
        .bind::<Array<Text>, _>(zones)
        .bind::<Array<Integer>, _>(quantities)
        .bind::<Binary, _>(secret_hash)
        .bind::<Integer, _>(i32::try_from(wish.places()).unwrap_or(i32::MAX))
        .get_results(&mut conn)
        .await?;
    Ok(rows)
}

/// A hold that exists.
#[derive(Debug, QueryableByName)]
pub(crate) struct HoldRow {
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = Binary)]
    pub secret_hash: Vec<u8>,
    #[diesel(sql_type = Array<Text>)]
    pub seats: Vec<String>,
    #[diesel(sql_type = Integer)]
    pub places: i32,
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: DateTime<Utc>,
}

/// Locks a hold.
pub(crate) async fn lock(mut conn: &Conn, id: Uuid) -> ApiResult<Option<HoldRow>> {
    let rows: Vec<HoldRow> =
        sql("SELECT h.event_id, e.org_id, h.secret_hash, h.seats, h.places, h.expires_at
           FROM holds h JOIN events e ON e.id = h.event_id WHERE h.id = $1 FOR UPDATE OF h")
        .bind::<SqlUuid, _>(id)
        .get_results(&mut conn)
        .await?;
    Ok(rows.into_iter().next())
}

pub(crate) async fn delete(mut conn: &Conn, id: Uuid) -> ApiResult<()> {
    sql("DELETE FROM holds WHERE id = $1").bind::<SqlUuid, _>(id).execute(&mut conn).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Holds that have run out, longest ago first.
pub(crate) async fn lapsed(mut conn: &Conn, now: DateTime<Utc>, most: i64) -> ApiResult<Vec<Uuid>> {
    let rows: Vec<Id> = sql("SELECT id FROM holds WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2")
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(most)
        .get_results(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Where the best seats may be looked for.
pub(crate) struct Zones {
    /// All seated zones of the event.
    pub existing: Vec<String>,
    /// Those that were asked for and cost no more than was said.
    pub allowed: Vec<String>,
    /// Where the seats are.
    pub map: SeatMap,
}

#[derive(QueryableByName)]
struct ZoneRow {
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Bool)]
    allowed: bool,
}

#[derive(QueryableByName)]
struct MapRow {
    #[diesel(sql_type = Json)]
    map: Value,
}

pub(crate) async fn zones_for_best(
    mut conn: &Conn,
    event_id: Uuid,
    zones: &[String],
    max_price: Option<i64>,
) -> ApiResult<Zones> {
    let rows: Vec<ZoneRow> = sql("SELECT zone,
                (cardinality($2) = 0 OR zone = ANY($2)) AND ($3 IS NULL OR price <= $3) AS allowed
           FROM event_zones WHERE event_id = $1 AND NOT standing")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Array<Text>, _>(zones)
    .bind::<Nullable<BigInt>, _>(max_price)
    .get_results(&mut conn)
    .await?;
    let map: Option<MapRow> =
        sql("SELECT m.map FROM events e JOIN seat_maps m ON m.id = e.seat_map_id WHERE e.id = $1")
            .bind::<SqlUuid, _>(event_id)
            .get_results(&mut conn)
            .await?
            .pop();
    let map = serde_json::from_value(map.ok_or(ErrorCode::NotFound)?.map)?;
    let allowed = rows.iter().filter(|row| row.allowed).map(|row| row.zone.clone()).collect();
    Ok(Zones { existing: rows.into_iter().map(|row| row.zone).collect(), allowed, map })
}

#[derive(QueryableByName)]
struct Label {
    #[diesel(sql_type = Text)]
    seat: String,
}

/// Free seats of some zones, in the order of the map.
pub(crate) async fn free_seats(
    mut conn: &Conn,
    event_id: Uuid,
    zones: &[String],
    now: DateTime<Utc>,
) -> ApiResult<Vec<String>> {
    let rows: Vec<Label> = sql("SELECT seat FROM event_seats
          WHERE event_id = $1 AND zone = ANY($2) AND (state = 'free' OR state = 'held' AND held_until <= $3)
          ORDER BY position")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Array<Text>, _>(zones)
    .bind::<Timestamptz, _>(now)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.seat).collect())
}

/// Locks seats that are free, without waiting; false when one is not to be had.
pub(crate) async fn lock_free(
    mut conn: &Conn,
    event_id: Uuid,
    seats: &[String],
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let rows: Vec<Label> = sql("SELECT seat FROM event_seats
          WHERE event_id = $1 AND seat = ANY($2) AND (state = 'free' OR state = 'held' AND held_until <= $3)
          ORDER BY seat FOR UPDATE SKIP LOCKED")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Array<Text>, _>(seats)
    .bind::<Timestamptz, _>(now)
    .get_results(&mut conn)
    .await?;
    Ok(rows.len() == seats.len())
}
