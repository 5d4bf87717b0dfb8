//! Placing an order: one statement claims the places and writes the order with its items.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    pg::Pg,
    query_builder::{Query, QueryFragment, QueryId},
    sql_types::{
        Array, BigInt, Binary, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
    },
};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::{
    db::{Bound, Conn, sql},
    error::ApiResult,
};
use uuid::Uuid;

use crate::inventory::{Claim, Wish};

/// What an order begins with.
pub(crate) struct NewOrder<'a> {
    pub id: Uuid,
    pub claim: Claim,
    pub reference: String,
    pub user_id: Option<Uuid>,
    pub access_hash: &'a [u8],
    pub email: &'a str,
    pub name: &'a str,
    pub phone: Option<&'a str>,
    pub locale: Locale,
}

/// A place of the order; the order's own columns are the same in each row.
#[derive(Debug, QueryableByName)]
pub(crate) struct PlacedRow {
    #[diesel(sql_type = SmallInt)]
    pub position: i16,
    #[diesel(sql_type = Text)]
    pub zone: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub seat: Option<String>,
    #[diesel(sql_type = Text)]
    pub tier: String,
    #[diesel(sql_type = BigInt)]
    pub price: i64,
    #[diesel(sql_type = Text)]
    pub currency: String,
    /// Whether the order was written: only when every place could be claimed.
    #[diesel(sql_type = Bool)]
    pub placed: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub org_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub event_title: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub event_starts_at: Option<DateTime<Utc>>,
}

/// The end of both statements. Before it stand `claimed` (zone, seat, position) and `standing`
/// (zone, quantity). The order is written only when all `$6` places are there and the event is on
/// sale; when no row says `placed`, the transaction must be undone.
macro_rules! place {
    ($begin:literal) => {
        concat!(
            $begin,
            ", event AS (
                 SELECT id, org_id, event_title(texts, $12) AS title, starts_at
                   FROM events WHERE id = $1 AND state = 'on_sale'
             ), places AS (
                 SELECT (row_number() OVER (ORDER BY p.position, z.position))::int2 AS position,
                        p.zone, p.seat, z.tier, z.price, z.currency
                   FROM (SELECT zone, seat, position FROM claimed
                         UNION ALL
                         SELECT s.zone, NULL, 2147483647 FROM standing s, generate_series(1, s.quantity)) p
                   JOIN event_zones z ON z.event_id = $1 AND z.zone = p.zone
             ), placed AS (
                 INSERT INTO orders (id, org_id, event_id, reference, user_id, access_hash, buyer_email,
                        buyer_name, buyer_phone, locale, total, currency, placed_at, expires_at)
                 SELECT $2, event.org_id, event.id, $13, $7, $8, $9, $10, $11, $12, t.total, t.currency, $3, $4
                   FROM event, (SELECT count(*) AS places, sum(price)::int8 AS total, min(currency) AS currency
                                  FROM places) t
                  WHERE t.places = $6
                 ON CONFLICT (org_id, reference) DO NOTHING
                 RETURNING id
             ), items AS (
                 INSERT INTO order_items (order_id, position, zone, seat, tier, price)
                 SELECT placed.id, position, zone, seat, tier, price FROM placed, places
             )
             SELECT p.position, p.zone, p.seat, p.tier, p.price, p.currency, placed.id IS NOT NULL AS placed,
                    event.org_id, event.title AS event_title, event.starts_at AS event_starts_at
               FROM places p LEFT JOIN placed ON true LEFT JOIN event ON true ORDER BY p.position"
        )
    };
}

/// Claims free seats. `locked` takes them in the order of their labels, so that two buyers of overlapping
/// seats never wait for each other in a circle; `claimed` is a conditional UPDATE: of two buyers the second
/// waits for the first, looks again and finds the seat held. Standing places have been claimed before.
const FROM_FREE: &str = place!(
    "WITH locked AS (
         SELECT event_id, seat FROM event_seats WHERE event_id = $1 AND seat = ANY($5) ORDER BY seat FOR UPDATE
     ), claimed AS (
         UPDATE event_seats s SET state = 'held', hold_id = NULL, order_id = $2, held_until = $4
           FROM locked
          WHERE s.event_id = $1 AND s.seat = locked.seat
            AND (s.state = 'free' OR s.state = 'held' AND s.held_until <= $3)
         RETURNING s.zone, s.seat, s.position
     ), standing AS (SELECT * FROM unnest($14, $15) AS s (zone, quantity))"
);

/// Takes over what the hold `$14` claims; the hold ends.
const FROM_HOLD: &str = place!(
    "WITH gone AS (
         DELETE FROM holds WHERE id = $14
     ), locked AS (
         SELECT event_id, seat FROM event_seats WHERE event_id = $1 AND seat = ANY($5) ORDER BY seat FOR UPDATE
     ), claimed AS (
         UPDATE event_seats s SET hold_id = NULL, order_id = $2, held_until = $4
           FROM locked
          WHERE s.event_id = $1 AND s.seat = locked.seat AND s.state = 'held' AND s.hold_id = $14
         RETURNING s.zone, s.seat, s.position
     ), standing AS (
         UPDATE standing_claims SET hold_id = NULL, order_id = $2, held_until = $4
          WHERE hold_id = $14
         RETURNING zone, quantity
     )"
);

/// Places an order of free seats, and of standing places claimed for it before.
pub(crate) async fn from_free(mut conn: &Conn, new: &NewOrder<'_>, wish: &Wish) -> ApiResult<Vec<PlacedRow>> {
    let (zones, quantities) = wish.standing_arrays();
    let places = i32::try_from(wish.places()).unwrap_or(i32::MAX);
    let rows = bound(FROM_FREE, new, &wish.seats, places)
        .bind::<Array<Text>, _>(zones)
        .bind::<Array<Integer>, _>(quantities)
        .get_results(&mut conn)
        .await?;
    Ok(rows)
}

/// Places an order of what a locked hold claims.
pub(crate) async fn from_hold(
    mut conn: &Conn,
    new: &NewOrder<'_>,
    hold_id: Uuid,
    seats: &[String],
    places: i32,
) -> ApiResult<Vec<PlacedRow>> {
    let rows =
        bound(FROM_HOLD, new, seats, places).bind::<SqlUuid, _>(hold_id).get_results(&mut conn).await?;
    Ok(rows)
}

/// `$1` to `$13`.
fn bound<'a>(
    text: &'static str,
    new: &'a NewOrder<'a>,
    seats: &'a [String],
    places: i32,
) -> Bound<
    impl Query<SqlType = diesel::sql_types::Untyped> + QueryFragment<Pg> + QueryId + Send + 'a,
    &'a str,
    Text,
> {
    sql(text)
        .bind::<SqlUuid, _>(new.claim.event_id)
        .bind::<SqlUuid, _>(new.id)
        .bind::<Timestamptz, _>(new.claim.now)
        .bind::<Timestamptz, _>(new.claim.until)
        .bind::<Array<Text>, _>(seats)
        .bind::<Integer, _>(places)
        .bind::<Nullable<SqlUuid>, _>(new.user_id)
        .bind::<Binary, _>(new.access_hash)
        .bind::<Text, _>(new.email)
        .bind::<Text, _>(new.name)
        .bind::<Nullable<Text>, _>(new.phone)
        .bind::<Text, _>(new.locale.code())
        .bind::<Text, _>(new.reference.as_str())
}
