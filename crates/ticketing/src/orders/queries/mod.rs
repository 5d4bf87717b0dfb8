//! Every SQL statement of orders.

mod insert;
mod list;

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::state::OrderState;
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
    keys::MasterKey,
};
use uuid::Uuid;

use super::reader::Belongs;
use crate::inventory::PlaceRow;

pub(crate) use insert::{NewOrder, PlacedRow, from_free, from_hold};
pub(crate) use list::{Filter, Slice, SummaryRow, list, mine};

/// What telephone numbers are sealed for.
pub(crate) const PHONE: &str = "buyer phone";

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
    #[diesel(sql_type = Nullable<Binary>)]
    pub buyer_phone_sealed: Option<Vec<u8>>,
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
        Belongs {
            org_id: self.org_id,
            event_id: self.event_id,
            user_id: self.user_id,
            access_hash: &self.access_hash,
        }
    }

    /// The buyer's telephone number; none as well when the key that sealed it has left the ring, for
    /// an order is more than its number.
    pub fn phone(&self, keys: &MasterKey) -> Option<String> {
        let Some(sealed) = &self.buyer_phone_sealed else { return self.buyer_phone.clone() };
        let opened = keys.open(PHONE, sealed).and_then(|phone| Ok(String::from_utf8(phone)?));
        opened.inspect_err(|error| tracing::error!(order = %self.id, %error, "a number cannot be read")).ok()
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
                    o.buyer_name, o.buyer_phone, o.buyer_phone_sealed,
                    o.locale, o.total, o.currency, o.placed_at, o.expires_at, o.paid_at
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

/// The organisation's newest order, or its newest paid one.
pub(crate) async fn latest(mut conn: &Conn, org: Uuid, paid: bool) -> ApiResult<Option<Uuid>> {
    let rows: Vec<Id> = sql("SELECT id FROM orders WHERE org_id = $1 AND (state = 'paid' OR NOT $2)
          ORDER BY placed_at DESC, id DESC LIMIT 1")
    .bind::<SqlUuid, _>(org)
    .bind::<Bool, _>(paid)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// Places of a zone.
#[derive(Debug, QueryableByName)]
pub(crate) struct ZoneCount {
    #[diesel(sql_type = Text)]
    pub zone: String,
    #[diesel(sql_type = Integer)]
    pub quantity: i32,
}

/// A number that was written before numbers were sealed.
#[derive(Debug, QueryableByName)]
pub(crate) struct OpenPhone {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub phone: String,
}

/// The first of those.
pub(crate) async fn open_phones(mut conn: &Conn, limit: i64) -> ApiResult<Vec<OpenPhone>> {
    let query = "SELECT id, buyer_phone AS phone FROM orders
                  WHERE buyer_phone IS NOT NULL ORDER BY id LIMIT $1";
    Ok(sql(query).bind::<BigInt, _>(limit).get_results(&mut conn).await?)
}

/// Keeps a number sealed, and not otherwise.
pub(crate) async fn seal_phone(mut conn: &Conn, id: Uuid, sealed: &[u8]) -> ApiResult<()> {
    sql("UPDATE orders SET buyer_phone = NULL, buyer_phone_sealed = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Binary, _>(sealed)
        .execute(&mut conn)
        .await?;
    Ok(())
}
