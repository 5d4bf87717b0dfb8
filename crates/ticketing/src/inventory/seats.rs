//! Statements about the seats of an event.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use super::Wish;

#[derive(Debug, QueryableByName)]
struct Label {
    #[diesel(sql_type = Text)]
    seat: String,
}

/// Locks seats by label, so that two buyers of overlapping seats never wait for each other in a circle.
/// A seat alone needs no order: the UPDATE that follows locks it.
pub(crate) async fn lock(mut conn: &Conn, event_id: Uuid, seats: &[String]) -> ApiResult<()> {
    if seats.len() < 2 {
        return Ok(());
    }
    sql("SELECT FROM event_seats WHERE event_id = $1 AND seat = ANY($2) ORDER BY seat FOR UPDATE")
        .bind::<SqlUuid, _>(event_id)
        .bind::<Array<Text>, _>(seats)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Why not all seats of a wish could be claimed: one that does not exist, or was taken.
pub(crate) async fn refusal(
    mut conn: &Conn,
    event_id: Uuid,
    wish: &Wish,
    claimed: &HashSet<String>,
) -> ApiResult<ApiError> {
    let rows: Vec<Label> = sql("SELECT seat FROM event_seats WHERE event_id = $1 AND seat = ANY($2)")
        .bind::<SqlUuid, _>(event_id)
        .bind::<Array<Text>, _>(&wish.seats)
        .get_results(&mut conn)
        .await?;
    let existing: HashSet<String> = rows.into_iter().map(|row| row.seat).collect();
    let name = |code: ErrorCode, seats: &[&String], message: &str| {
        seats.iter().fold(ApiError::new(code), |error, seat| error.field(wish.field_of(seat), message))
    };
    let unknown: Vec<&String> = wish.seats.iter().filter(|seat| !existing.contains(*seat)).collect();
    if !unknown.is_empty() {
        return Ok(name(ErrorCode::UnknownSeat, &unknown, "there is no such seat at this event"));
    }
    let taken: Vec<&String> = wish.seats.iter().filter(|seat| !claimed.contains(*seat)).collect();
    Ok(name(ErrorCode::SeatTaken, &taken, "this seat has just been taken").with("taken", taken))
}

/// Frees the seats a hold still claims.
pub(crate) async fn free_of_hold(
    mut conn: &Conn,
    event_id: Uuid,
    hold_id: Uuid,
    seats: &[String],
) -> ApiResult<()> {
    sql("UPDATE event_seats SET state = 'free', hold_id = NULL, held_until = NULL
          WHERE event_id = $1 AND seat = ANY($2) AND hold_id = $3 AND state = 'held'")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Array<Text>, _>(seats)
    .bind::<SqlUuid, _>(hold_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// A seat an order asks for.
#[derive(Debug, QueryableByName)]
pub(crate) struct OrderedSeat {
    #[diesel(sql_type = Bool)]
    pub available: bool,
}

/// Locks the seats of a payment's order by label, and tells of each whether the order may have it: it holds
/// the seat, or nobody does.
pub(crate) async fn lock_of_payment(
    mut conn: &Conn,
    payment_id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Vec<OrderedSeat>> {
    let seats =
        sql("SELECT s.state = 'free' OR s.state = 'held' AND (s.order_id = o.id OR s.held_until <= $2)
                     IS TRUE AS available
           FROM payments p
           JOIN orders o ON o.id = p.order_id
           JOIN order_items i ON i.order_id = o.id
           JOIN event_seats s ON s.event_id = o.event_id AND s.seat = i.seat
          WHERE p.id = $1 ORDER BY s.seat FOR UPDATE OF s")
        .bind::<SqlUuid, _>(payment_id)
        .bind::<Timestamptz, _>(now)
        .get_results(&mut conn)
        .await?;
    Ok(seats)
}

/// Locks the seats of an order by label.
pub(crate) async fn lock_of_order(mut conn: &Conn, order_id: Uuid) -> ApiResult<()> {
    sql("SELECT FROM orders o
           JOIN order_items i ON i.order_id = o.id
           JOIN event_seats s ON s.event_id = o.event_id AND s.seat = i.seat
          WHERE o.id = $1 ORDER BY s.seat FOR UPDATE OF s")
    .bind::<SqlUuid, _>(order_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Frees the seats that belong to an order, held or sold.
pub(crate) async fn free_of_order(mut conn: &Conn, order_id: Uuid) -> ApiResult<()> {
    sql("UPDATE event_seats s SET state = 'free', hold_id = NULL, order_id = NULL, held_until = NULL
           FROM orders o JOIN order_items i ON i.order_id = o.id
          WHERE o.id = $1 AND s.event_id = o.event_id AND s.seat = i.seat AND s.order_id = o.id")
    .bind::<SqlUuid, _>(order_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}
