//! Every SQL statement of tickets.

use chrono::{DateTime, Utc};
use contract::tickets::Ticket;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Binary, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::state::TicketState;
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use serde_json::Value;
use uuid::Uuid;

use super::codes::{Coded, Codes};
use crate::{inventory::money, orders::queries::ZoneCount};

/// A ticket with all that it says.
#[derive(Debug, QueryableByName)]
pub(crate) struct TicketRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    #[diesel(sql_type = Text)]
    pub event_title: String,
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
    #[diesel(sql_type = Timestamptz)]
    pub doors_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub zone: String,
    #[diesel(sql_type = Text)]
    pub zone_name: String,
    #[diesel(sql_type = Integer)]
    pub zone_number: i32,
    #[diesel(sql_type = Nullable<Text>)]
    pub seat: Option<String>,
    #[diesel(sql_type = Text)]
    pub tier: String,
    #[diesel(sql_type = BigInt)]
    pub price: i64,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Integer)]
    pub generation: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub admitted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Text)]
    pub reference: String,
    #[diesel(sql_type = Text)]
    pub buyer_name: String,
    #[diesel(sql_type = Text)]
    pub locale: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub user_id: Option<Uuid>,
    #[diesel(sql_type = Binary)]
    pub access_hash: Vec<u8>,
}

impl TicketRow {
    pub fn state(&self) -> ApiResult<TicketState> {
        TicketState::from_name(&self.state)
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("ticket state {}", self.state)))
    }

    /// What its QR holds.
    pub fn code(&self, codes: &Codes) -> ApiResult<String> {
        codes.code(&Coded {
            ticket_id: self.id,
            event_id: self.event_id,
            zone_number: self.zone_number,
            generation: self.generation,
            doors_at: self.doors_at,
            ends_at: self.ends_at,
        })
    }

    /// What travels; with its code when `codes` are given and it was not revoked.
    pub fn into_ticket(self, codes: Option<&Codes>) -> ApiResult<Ticket> {
        let state = self.state()?;
        let code = match codes {
            Some(codes) if state != TicketState::Revoked => Some(self.code(codes)?),
            _ => None,
        };
        Ok(Ticket {
            price: money(self.price, &self.currency)?,
            id: self.id,
            order_id: self.order_id,
            event_id: self.event_id,
            event_title: self.event_title,
            venue_name: self.venue_name,
            time_zone: self.time_zone,
            doors_at: self.doors_at,
            starts_at: self.starts_at,
            zone: self.zone,
            zone_name: self.zone_name,
            seat: self.seat,
            tier: self.tier,
            state,
            code,
            admitted_at: self.admitted_at,
        })
    }
}

macro_rules! select_ticket {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.org_id, t.order_id, t.event_id, event_title(e.texts, o.locale) AS event_title, e.bouts,
                    p.name AS promoter, v.name AS venue_name, v.address AS venue_address, v.time_zone, e.doors_at,
                    e.starts_at, e.ends_at, t.zone, zone_name(z, o.locale), z.position AS zone_number, t.seat, t.tier,
                    t.price, t.currency, t.state, t.generation, t.admitted_at, o.reference, o.buyer_name, o.locale,
                    o.user_id, o.access_hash
               FROM tickets t
               JOIN orders o ON o.id = t.order_id
               JOIN events e ON e.id = t.event_id
               JOIN event_zones z ON z.event_id = t.event_id AND z.zone = t.zone
               JOIN venues v ON v.id = e.venue_id
               JOIN organisations p ON p.id = t.org_id ",
            $rest
        )
    };
}

/// The tickets of an order, in the order of its places.
pub(crate) async fn of_order(mut conn: &Conn, order_id: Uuid) -> ApiResult<Vec<TicketRow>> {
    let rows = sql(select_ticket!("WHERE t.order_id = $1 ORDER BY t.id"))
        .bind::<SqlUuid, _>(order_id)
        .get_results(&mut conn)
        .await?;
    Ok(rows)
}

/// A ticket, whoever asks: see that they may.
pub(crate) async fn public_find(mut conn: &Conn, id: Uuid) -> ApiResult<Option<TicketRow>> {
    let rows: Vec<TicketRow> =
        sql(select_ticket!("WHERE t.id = $1")).bind::<SqlUuid, _>(id).get_results(&mut conn).await?;
    Ok(rows.into_iter().next())
}

/// Locks a ticket of the organisation.
pub(crate) async fn lock(mut conn: &Conn, org: Uuid, id: Uuid) -> ApiResult<Option<TicketRow>> {
    let rows: Vec<TicketRow> = sql(select_ticket!("WHERE t.id = $1 AND t.org_id = $2 FOR UPDATE OF t"))
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(org)
        .get_results(&mut conn)
        .await?;
    Ok(rows.into_iter().next())
}

/// The tickets a person bought, soonest night first.
pub(crate) async fn mine(
    mut conn: &Conn,
    user_id: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> ApiResult<Vec<TicketRow>> {
    let (at, id) = after.unzip();
    let rows = sql(select_ticket!(
        "WHERE o.user_id = $1 AND ($2 IS NULL OR (e.starts_at, t.id) > ($2, $3)) ORDER BY e.starts_at, t.id LIMIT $4"
    ))
    .bind::<SqlUuid, _>(user_id)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(limit)
    .get_results(&mut conn)
    .await?;
    Ok(rows)
}

/// Revokes a locked ticket.
pub(crate) async fn revoke(mut conn: &Conn, id: Uuid, reason: &str, now: DateTime<Utc>) -> ApiResult<()> {
    sql("UPDATE tickets SET state = 'revoked', revoked_at = $2, revoke_reason = $3 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(reason)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Frees the seat that was sold with a ticket.
pub(crate) async fn free_seat(mut conn: &Conn, ticket: &TicketRow) -> ApiResult<()> {
    sql("UPDATE event_seats SET state = 'free', order_id = NULL, held_until = NULL
          WHERE event_id = $1 AND seat = $2 AND order_id = $3 AND state = 'sold'")
    .bind::<SqlUuid, _>(ticket.event_id)
    .bind::<Nullable<Text>, _>(ticket.seat.as_deref())
    .bind::<SqlUuid, _>(ticket.order_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// A ticket of an order that was just revoked.
#[derive(Debug, QueryableByName)]
pub(crate) struct Revoked {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Integer)]
    pub was_admitted: i32,
}

/// Revokes all tickets of a locked order that were not revoked before, and tells which.
pub(crate) async fn revoke_of_order(
    mut conn: &Conn,
    order_id: Uuid,
    reason: &str,
    now: DateTime<Utc>,
) -> ApiResult<Vec<Revoked>> {
    let rows = sql("UPDATE tickets SET state = 'revoked', revoked_at = $2, revoke_reason = $3
          WHERE order_id = $1 AND state <> 'revoked'
         RETURNING id, (admitted_at IS NOT NULL)::int AS was_admitted")
    .bind::<SqlUuid, _>(order_id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(reason)
    .get_results(&mut conn)
    .await?;
    Ok(rows)
}

/// Standing places of an order with a ticket that was not revoked, by zone.
pub(crate) async fn standing_of_order(mut conn: &Conn, order_id: Uuid) -> ApiResult<Vec<ZoneCount>> {
    let rows = sql("SELECT zone, count(*)::int AS quantity FROM tickets
          WHERE order_id = $1 AND seat IS NULL AND state <> 'revoked' GROUP BY zone ORDER BY zone")
    .bind::<SqlUuid, _>(order_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows)
}
