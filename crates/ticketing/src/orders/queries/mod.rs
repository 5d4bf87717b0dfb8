//! Every SQL statement of orders.

mod insert;
mod list;

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::state::OrderState;
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use super::reader::Belongs;
use crate::inventory::PlaceRow;

pub(crate) use insert::{NewOrder, PlacedRow, from_free, from_hold};
pub(crate) use list::{Filter, Slice, SummaryRow, list, mine};

/// An order with what its event tells.
#[derive(Debug, QueryableByName)]
pub(crate) struct OrderRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    #[diesel(sql_type = Text)]
    pub event_title: String,
    #[diesel(sql_type = Timestamptz)]
    pub event_starts_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub reference: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub user_id: Option<Uuid>,
    #[diesel(sql_type = Binary)]
    pub access_hash: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub buyer_email: String,
    #[diesel(sql_type = Text)]
    pub buyer_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub buyer_phone: Option<String>,
    #[diesel(sql_type = Text)]
    pub locale: String,
    #[diesel(sql_type = BigInt)]
    pub total: i64,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Timestamptz)]
    pub placed_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub paid_at: Option<DateTime<Utc>>,
}

impl OrderRow {
    /// Whose it is.
    pub fn belongs(&self) -> Belongs<'_> {
        Belongs { org_id: self.org_id, user_id: self.user_id, access_hash: &self.access_hash }
    }

    /// Its state at `now`: one that has run out is expired, also before it was tidied away.
    pub fn state(&self, now: DateTime<Utc>) -> ApiResult<OrderState> {
        state_at(&self.state, self.expires_at, now)
    }
}

/// An order's state at `now`.
pub(crate) fn state_at(name: &str, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> ApiResult<OrderState> {
    match OrderState::from_name(name) {
        Some(OrderState::Pending) if expires_at <= now => Ok(OrderState::Expired),
        Some(state) => Ok(state),
        None => Err(ApiError::internal(anyhow::anyhow!("order state {name}"))),
    }
}

macro_rules! select_order {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.org_id, o.event_id, event_title(e.texts, o.locale) AS event_title,
                    e.starts_at AS event_starts_at, o.reference, o.state, o.user_id, o.access_hash, o.buyer_email,
                    o.buyer_name, o.buyer_phone, o.locale, o.total, o.currency, o.placed_at, o.expires_at, o.paid_at
               FROM orders o JOIN events e ON e.id = o.event_id WHERE o.id = $1 ",
            $rest
        )
    };
}

/// An order, whoever asks: see that they may.
pub(crate) async fn public_find(mut conn: &Conn, id: Uuid) -> ApiResult<Option<OrderRow>> {
    let rows: Vec<OrderRow> = sql(select_order!("")).bind::<SqlUuid, _>(id).get_results(&mut conn).await?;
    Ok(rows.into_iter().next())
}

/// Locks an order, whoever asks: see that they may.
pub(crate) async fn public_lock(mut conn: &Conn, id: Uuid) -> ApiResult<Option<OrderRow>> {
    let rows: Vec<OrderRow> =
        sql(select_order!("FOR UPDATE OF o")).bind::<SqlUuid, _>(id).get_results(&mut conn).await?;
    Ok(rows.into_iter().next())
}

/// What an order buys.
pub(crate) async fn items(mut conn: &Conn, order_id: Uuid) -> ApiResult<Vec<PlaceRow>> {
    let rows = sql("SELECT i.position, i.zone, i.seat, i.tier, i.price, o.currency
           FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.order_id = $1 ORDER BY i.position")
    .bind::<SqlUuid, _>(order_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows)
}

/// Writes the state of a locked order.
pub(crate) async fn set_state(mut conn: &Conn, id: Uuid, state: OrderState) -> ApiResult<()> {
    sql("UPDATE orders SET state = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(state.name())
        .execute(&mut conn)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Orders that were not paid in time, longest ago first.
pub(crate) async fn lapsed(mut conn: &Conn, now: DateTime<Utc>, most: i64) -> ApiResult<Vec<Uuid>> {
    let rows: Vec<Id> = sql(
        "SELECT id FROM orders WHERE state = 'pending' AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(most)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Paid orders of an event.
pub(crate) async fn paid(mut conn: &Conn, event_id: Uuid, most: i64) -> ApiResult<Vec<Uuid>> {
    let rows: Vec<Id> =
        sql("SELECT id FROM orders WHERE event_id = $1 AND state = 'paid' ORDER BY id LIMIT $2")
            .bind::<SqlUuid, _>(event_id)
            .bind::<BigInt, _>(most)
            .get_results(&mut conn)
            .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Places of a zone.
#[derive(Debug, QueryableByName)]
pub(crate) struct ZoneCount {
    #[diesel(sql_type = Text)]
    pub zone: String,
    #[diesel(sql_type = Integer)]
    pub quantity: i32,
}
