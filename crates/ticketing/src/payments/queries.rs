//! Every SQL statement of payments.

use chrono::{DateTime, Utc};
use contract::payments::{Payment, PaymentMethod};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::{Money, state::PaymentState};
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use crate::inventory::money;

/// An attempt to pay.
#[derive(Debug, QueryableByName)]
pub(crate) struct PaymentRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub promptpay: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reference: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    paid_at: Option<DateTime<Utc>>,
}

impl PaymentRow {
    pub fn state(&self) -> ApiResult<PaymentState> {
        payment_state(&self.state)
    }

    /// What travels; the QR's text only while it waits.
    pub fn into_payment(self) -> ApiResult<Payment> {
        let state = self.state()?;
        Ok(Payment {
            amount: money(self.amount, &self.currency)?,
            promptpay: self.promptpay.filter(|_| state == PaymentState::Pending),
            id: self.id,
            order_id: self.order_id,
            method: PaymentMethod::Promptpay,
            state,
            reference: self.reference,
            created_at: self.created_at,
            paid_at: self.paid_at,
        })
    }
}

fn payment_state(name: &str) -> ApiResult<PaymentState> {
    PaymentState::from_name(name).ok_or_else(|| ApiError::internal(anyhow::anyhow!("payment state {name}")))
}

macro_rules! select_payment {
    ($rest:literal) => {
        concat!(
            "SELECT id, order_id, state, amount, currency, promptpay, reference, created_at, paid_at FROM payments ",
            $rest
        )
    };
}

/// The latest attempt to pay an order.
pub(crate) async fn latest(mut conn: &Conn, order_id: Uuid) -> ApiResult<Option<PaymentRow>> {
    let rows: Vec<PaymentRow> = sql(select_payment!(
        "WHERE order_id = $1 ORDER BY state = 'succeeded' DESC, created_at DESC, id DESC LIMIT 1"
    ))
    .bind::<SqlUuid, _>(order_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// The attempt that waits, if one does.
pub(crate) async fn pending(mut conn: &Conn, order_id: Uuid) -> ApiResult<Option<PaymentRow>> {
    let rows: Vec<PaymentRow> = sql(select_payment!(
        "WHERE order_id = $1 AND state = 'pending' ORDER BY created_at DESC, id DESC LIMIT 1"
    ))
    .bind::<SqlUuid, _>(order_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// A payment by its id, whoever asks: see that they may.
pub(crate) async fn public_find(mut conn: &Conn, id: Uuid) -> ApiResult<Option<PaymentRow>> {
    let rows: Vec<PaymentRow> =
        sql(select_payment!("WHERE id = $1")).bind::<SqlUuid, _>(id).get_results(&mut conn).await?;
    Ok(rows.into_iter().next())
}

/// Begins an attempt.
pub(crate) async fn insert(
    mut conn: &Conn,
    id: Uuid,
    order_id: Uuid,
    amount: Money,
    promptpay: &str,
    now: DateTime<Utc>,
) -> ApiResult<PaymentRow> {
    let row = sql("INSERT INTO payments (id, order_id, method, amount, currency, promptpay, created_at)
         VALUES ($1, $2, 'promptpay', $3, $4, $5, $6)
         RETURNING id, order_id, state, amount, currency, promptpay, reference, created_at, paid_at")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(order_id)
    .bind::<BigInt, _>(amount.amount)
    .bind::<Text, _>(amount.currency.code())
    .bind::<Text, _>(promptpay)
    .bind::<Timestamptz, _>(now)
    .get_result(&mut conn)
    .await?;
    Ok(row)
}

/// A payment, its order, and what the order buys.
#[derive(Debug, QueryableByName)]
pub(crate) struct DueRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub payment_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub payment_state: Option<String>,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    #[diesel(sql_type = Text)]
    pub order_state: String,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    /// How many places it buys.
    #[diesel(sql_type = Integer)]
    pub places: i32,
    /// The zone of each standing place.
    #[diesel(sql_type = Array<Text>)]
    pub standing: Vec<String>,
}

impl DueRow {
    pub fn amount(&self) -> ApiResult<Money> {
        money(self.amount, &self.currency)
    }

    /// The state of the payment; none when the order costs nothing.
    pub fn state(&self) -> ApiResult<Option<PaymentState>> {
        self.payment_state.as_deref().map(payment_state).transpose()
    }
}

macro_rules! select_due {
    ($payment:literal, $from:literal) => {
        concat!(
            "SELECT ",
            $payment,
            " AS amount, o.currency, o.id AS order_id, o.state AS order_state, o.org_id, o.event_id,
             (SELECT count(*)::int FROM order_items i WHERE i.order_id = o.id) AS places,
             ARRAY(SELECT i.zone FROM order_items i WHERE i.order_id = o.id AND i.seat IS NULL ORDER BY i.zone)
             AS standing ",
            $from
        )
    };
}

/// Locks a payment and its order, whoever asks: see that they may.
pub(crate) async fn public_lock(mut conn: &Conn, payment_id: Uuid) -> ApiResult<Option<DueRow>> {
    let rows: Vec<DueRow> = sql(select_due!(
        "p.id AS payment_id, p.state AS payment_state, p.amount",
        "FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.id = $1 FOR UPDATE OF o, p"
    ))
    .bind::<SqlUuid, _>(payment_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// Locks an order that costs nothing.
pub(crate) async fn lock_free(mut conn: &Conn, order_id: Uuid) -> ApiResult<Option<DueRow>> {
    let rows: Vec<DueRow> = sql(select_due!(
        "NULL::uuid AS payment_id, NULL::text AS payment_state, o.total",
        "FROM orders o WHERE o.id = $1 AND o.total = 0 FOR UPDATE OF o"
    ))
    .bind::<SqlUuid, _>(order_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// Accepts a callback; one that was accepted before breaks the key of the table.
pub(crate) async fn insert_callback(
    mut conn: &Conn,
    callback_id: &str,
    payment_id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO payment_callbacks (provider, callback_id, payment_id, received_at)
         VALUES ('promptpay', $1, $2, $3)")
    .bind::<Text, _>(callback_id)
    .bind::<SqlUuid, _>(payment_id)
    .bind::<Timestamptz, _>(now)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// How money arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub amount: Money,
    pub reference: String,
    pub confirmed_by: Option<Uuid>,
}

/// The payment has succeeded, the order is paid, its seats are sold, its tickets are issued. Order,
/// payment, seats and standing claims have been locked and found fit before. Tells the payment.
pub(crate) async fn settle(
    mut conn: &Conn,
    due: &DueRow,
    arrived: Option<&Arrived>,
    tickets: &[Uuid],
    now: DateTime<Utc>,
) -> ApiResult<Option<PaymentRow>> {
    let rows: Vec<PaymentRow> = sql("WITH paid AS (
             UPDATE orders SET state = 'paid', paid_at = $3 WHERE id = $2
             RETURNING id, org_id, event_id, currency
         ), succeeded AS (
             UPDATE payments SET state = 'succeeded', paid_at = $3, reference = $4, confirmed_by = $5 WHERE id = $1
             RETURNING id, order_id, state, amount, currency, promptpay, reference, created_at, paid_at
         ), sold AS (
             UPDATE event_seats s SET state = 'sold', order_id = $2, hold_id = NULL, held_until = NULL
               FROM order_items i
              WHERE i.order_id = $2 AND s.event_id = $6 AND s.seat = i.seat
         ), consumed AS (
             DELETE FROM standing_claims WHERE order_id = $2
         ), issued AS (
             INSERT INTO tickets (id, org_id, event_id, order_id, zone, seat, tier, price, currency, created_at)
             SELECT t.id, paid.org_id, paid.event_id, paid.id, i.zone, i.seat, i.tier, i.price, paid.currency, $3
               FROM paid
               JOIN order_items i ON i.order_id = $2
               JOIN unnest($7) WITH ORDINALITY AS t (id, position) ON t.position = i.position
         )
         SELECT * FROM succeeded")
    .bind::<Nullable<SqlUuid>, _>(due.payment_id)
    .bind::<SqlUuid, _>(due.order_id)
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Text>, _>(arrived.map(|arrived| arrived.reference.as_str()))
    .bind::<Nullable<SqlUuid>, _>(arrived.and_then(|arrived| arrived.confirmed_by))
    .bind::<SqlUuid, _>(due.event_id)
    .bind::<Array<SqlUuid>, _>(tickets)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// The money of a locked payment must go back.
pub(crate) async fn to_refund(
    mut conn: &Conn,
    payment_id: Uuid,
    arrived: &Arrived,
    now: DateTime<Utc>,
) -> ApiResult<PaymentRow> {
    let row = sql("UPDATE payments SET state = 'to_refund', paid_at = $2, reference = $3, confirmed_by = $4
          WHERE id = $1
         RETURNING id, order_id, state, amount, currency, promptpay, reference, created_at, paid_at")
    .bind::<SqlUuid, _>(payment_id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(arrived.reference.as_str())
    .bind::<Nullable<SqlUuid>, _>(arrived.confirmed_by)
    .get_result(&mut conn)
    .await?;
    Ok(row)
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The payment that paid a locked order must go back; which one it is.
pub(crate) async fn refund_succeeded(mut conn: &Conn, order_id: Uuid) -> ApiResult<Option<Uuid>> {
    let rows: Vec<Id> = sql(
        "UPDATE payments SET state = 'to_refund' WHERE order_id = $1 AND state = 'succeeded' RETURNING id",
    )
    .bind::<SqlUuid, _>(order_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}
