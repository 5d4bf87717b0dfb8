//! Every SQL statement of the shop. Drafts are nobody's business: no statement here finds one.

use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::{
    db::{Conn, sql},
    error::ApiResult,
};
use serde_json::Value;
use uuid::Uuid;

/// An event with what the public sees of it.
#[derive(Debug, QueryableByName)]
pub struct PublicRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub slug: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Jsonb)]
    pub texts: Value,
    #[diesel(sql_type = Jsonb)]
    pub bouts: Value,
    #[diesel(sql_type = Text)]
    pub promoter: String,
    #[diesel(sql_type = Text)]
    pub venue_name: String,
    #[diesel(sql_type = Text)]
    pub venue_address: String,
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    #[diesel(sql_type = SqlUuid)]
    pub seat_map_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub doors_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub sold_out: bool,
}

/// The columns of [`PublicRow`]; `$1` is the present instant. More of the `WHERE` follows.
macro_rules! select_public {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.slug, e.state, e.texts, e.bouts, o.name AS promoter, v.name AS venue_name,
                    v.address AS venue_address, v.time_zone, e.seat_map_id, e.doors_at, e.starts_at, e.ends_at,
                    NOT EXISTS (SELECT FROM event_seats s WHERE s.event_id = e.id
                                   AND (s.state = 'free' OR s.state = 'held' AND s.held_until <= $1))
                    AND NOT EXISTS (SELECT FROM standing_buckets b WHERE b.event_id = e.id AND b.free > 0)
                    AND NOT EXISTS (SELECT FROM standing_claims c WHERE c.event_id = e.id AND c.held_until <= $1)
                    AS sold_out
               FROM events e JOIN venues v ON v.id = e.venue_id JOIN organisations o ON o.id = e.org_id
              WHERE e.state <> 'draft' ",
            $rest
        )
    };
}

pub async fn public_list(
    conn: &mut Conn,
    now: DateTime<Utc>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> ApiResult<Vec<PublicRow>> {
    let (at, id) = after.unzip();
    let rows = sql(select_public!(
        "AND e.ends_at > $2 AND ($3 IS NULL OR (e.starts_at, e.id) > ($3, $4))
         ORDER BY e.starts_at, e.id LIMIT $5"
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(now - TimeDelta::days(1))
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(rows)
}

pub async fn public_find(conn: &mut Conn, now: DateTime<Utc>, event: &str) -> ApiResult<PublicRow> {
    let row = match Uuid::parse_str(event) {
        Ok(id) => {
            sql(select_public!("AND e.id = $2"))
                .bind::<Timestamptz, _>(now)
                .bind::<SqlUuid, _>(id)
                .get_result(conn)
                .await?
        }
        Err(_) => {
            sql(select_public!("AND e.slug = $2"))
                .bind::<Timestamptz, _>(now)
                .bind::<Text, _>(event)
                .get_result(conn)
                .await?
        }
    };
    Ok(row)
}

/// The id of a public event by its slug or id.
pub async fn public_id(conn: &mut Conn, event: &str) -> ApiResult<Uuid> {
    use db_schema::events::dsl;
    let public = dsl::events.filter(dsl::state.ne("draft")).select(dsl::id);
    let found = match Uuid::parse_str(event) {
        Ok(id) => public.filter(dsl::id.eq(id)).first(conn).await,
        Err(_) => public.filter(dsl::slug.eq(event)).first(conn).await,
    };
    found.optional()?.ok_or_else(|| ErrorCode::NotFound.into())
}

pub async fn public_seat_map(conn: &mut Conn, event: &str) -> ApiResult<Value> {
    use db_schema::{events, seat_maps};
    let id = public_id(conn, event).await?;
    let map = events::table
        .inner_join(seat_maps::table)
        .filter(events::id.eq(id))
        .select(seat_maps::map)
        .first(conn)
        .await?;
    Ok(map)
}

#[derive(QueryableByName)]
struct Letters {
    #[diesel(sql_type = Text)]
    letters: String,
}

/// One letter a seat, in the order of the map.
pub async fn seat_letters(conn: &mut Conn, event: Uuid, now: DateTime<Utc>) -> ApiResult<String> {
    let row: Letters = sql("SELECT coalesce(string_agg(
                CASE WHEN state = 'free' OR state = 'held' AND held_until <= $2 THEN '.'
                     WHEN state = 'held' THEN 'h' WHEN state = 'sold' THEN 'x' ELSE 'b' END,
                '' ORDER BY position), '') AS letters
           FROM event_seats WHERE event_id = $1")
    .bind::<SqlUuid, _>(event)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await?;
    Ok(row.letters)
}

#[derive(QueryableByName)]
struct ZoneCount {
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    free: i32,
}

/// Free seats by zone.
pub async fn seats_free(conn: &mut Conn, event: Uuid, now: DateTime<Utc>) -> ApiResult<Vec<(String, i32)>> {
    let rows: Vec<ZoneCount> = sql("SELECT zone, (count(*) FILTER (
                WHERE state = 'free' OR state = 'held' AND held_until <= $2))::int AS free
           FROM event_seats WHERE event_id = $1 GROUP BY zone")
    .bind::<SqlUuid, _>(event)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.zone, row.free)).collect())
}

/// Free standing places by zone, with those of claims that have lapsed.
pub async fn standing_free(
    conn: &mut Conn,
    event: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Vec<(String, i32)>> {
    let rows: Vec<ZoneCount> = sql("SELECT zone, sum(free)::int AS free
           FROM (SELECT zone, free FROM standing_buckets WHERE event_id = $1
                  UNION ALL
                 SELECT zone, quantity FROM standing_claims WHERE event_id = $1 AND held_until <= $2) places
          GROUP BY zone")
    .bind::<SqlUuid, _>(event)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.zone, row.free)).collect())
}

/// The names of an event's zones by code, in the reader's language.
///
/// # Errors
/// Only the database's.
pub async fn zone_names(
    conn: &mut Conn,
    event: Uuid,
    locale: Locale,
) -> ApiResult<std::collections::BTreeMap<String, String>> {
    use db_schema::event_zones::dsl;
    let names: Vec<(String, String, Option<String>)> = dsl::event_zones
        .filter(dsl::event_id.eq(event))
        .select((dsl::zone, dsl::name, dsl::name_th))
        .load(conn)
        .await?;
    let in_thai = |thai: Option<String>| thai.filter(|_| locale == Locale::Th);
    Ok(names.into_iter().map(|(zone, name, thai)| (zone, in_thai(thai).unwrap_or(name))).collect())
}
