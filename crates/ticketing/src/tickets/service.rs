//! The rules of tickets.

use chrono::{DateTime, Utc};
use contract::{ErrorCode, tickets::Ticket};
use domain::{Fact, Permission, state::TicketState};
use platform::{
    audit::Change,
    db::{Conn, Tx},
    error::{ApiError, ApiResult},
    guard::Reach,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    codes::Codes,
    documents,
    queries::{self, TicketRow},
};
use crate::{
    inventory::{seats, standing},
    orders::{
        Reader,
        queries::{self as orders, OrderRow},
    },
    scans,
};

/// A ticket for whoever may see it: its buyer, or staff of the organisation that sold it.
pub(crate) async fn find(conn: &Conn, reader: &Reader, id: Uuid) -> ApiResult<TicketRow> {
    let row = queries::public_find(conn, id).await?.ok_or(ErrorCode::NotFound)?;
    let belongs = crate::orders::Belongs {
        org_id: row.org_id,
        event_id: row.event_id,
        user_id: row.user_id,
        access_hash: &row.access_hash,
    };
    if reader.may_see(belongs, Permission::TicketsRead) { Ok(row) } else { Err(ErrorCode::NotFound.into()) }
}

/// The code of a ticket that still admits.
pub(crate) fn live_code(row: &TicketRow, codes: &Codes) -> ApiResult<String> {
    if row.state()? == TicketState::Revoked {
        return Err(ErrorCode::TicketRevoked.into());
    }
    row.code(codes)
}

/// The tickets of an order that may be printed, for whoever may see the order.
pub(crate) async fn of_order(conn: &Conn, reader: &Reader, order_id: Uuid) -> ApiResult<Vec<TicketRow>> {
    let order = orders::public_find(conn, order_id).await?.ok_or(ErrorCode::NotFound)?;
    if !reader.may_see(order.belongs(), Permission::TicketsRead) {
        return Err(ErrorCode::NotFound.into());
    }
    let live = live(queries::of_order(conn, order_id).await?);
    if live.is_empty() {
        return Err(ApiError::new(ErrorCode::WrongState).detail("This order has no tickets."));
    }
    Ok(live)
}

/// The printed form of an order's tickets, whoever asks; none when it has none.
pub(crate) async fn documents_of_order(
    conn: &Conn,
    codes: &Codes,
    order_id: Uuid,
) -> ApiResult<Vec<::documents::TicketDocument>> {
    live(queries::of_order(conn, order_id).await?).iter().map(|row| documents::document(row, codes)).collect()
}

fn live(rows: Vec<TicketRow>) -> Vec<TicketRow> {
    rows.into_iter().filter(|row| row.state != TicketState::Revoked.name()).collect()
}

/// Takes a ticket's right to enter; its place is free again.
pub(crate) async fn revoke(
    tx: &mut Tx<'_>,
    (org, reach): (Uuid, &Reach),
    id: Uuid,
    reason: &str,
) -> ApiResult<Ticket> {
    let now = tx.now();
    let found =
        queries::public_find(tx, id).await?.filter(|row| row.org_id == org).ok_or(ErrorCode::NotFound)?;
    reach.event(found.event_id)?;
    // The order first, as everywhere: see `inventory`.
    orders::public_lock(tx, found.order_id).await?;
    let row = queries::lock(tx, org, id).await?.ok_or(ErrorCode::NotFound)?;
    let state = row.state()?;
    if !state.may_become(TicketState::Revoked) {
        return Err(ErrorCode::TicketRevoked.into());
    }
    queries::revoke(tx, id, reason, now).await?;
    if state == TicketState::Admitted {
        scans::queries::count(tx, row.event_id, -1).await?;
    }
    match row.seat {
        Some(_) => queries::free_seat(tx, &row).await?,
        None => standing::put_back(tx, row.event_id, &row.zone, 1).await?,
    }
    tx.emit(org, Fact::TicketRevoked { ticket_id: id, event_id: row.event_id }).await?;
    let change = Change::new(Some(org), "ticket.revoked", id);
    tx.audit(change.before(json!({"state": state})).after(json!({"state": TicketState::Revoked})));
    let row = queries::public_find(tx, id).await?.ok_or(ErrorCode::NotFound)?;
    row.into_ticket(None)
}

/// Takes the right to enter of all tickets of a locked, paid order; its places are free again.
pub(crate) async fn revoke_all(tx: &mut Tx<'_>, order: &OrderRow, reason: &str) -> ApiResult<()> {
    let now: DateTime<Utc> = tx.now();
    seats::lock_of_order(tx, order.id).await?;
    let places = queries::standing_of_order(tx, order.id).await?;
    let revoked = queries::revoke_of_order(tx, order.id, reason, now).await?;
    seats::free_of_order(tx, order.id).await?;
    for zone in places {
        standing::put_back(tx, order.event_id, &zone.zone, zone.quantity).await?;
    }
    let were_admitted: i32 = revoked.iter().map(|ticket| ticket.was_admitted).sum();
    if were_admitted > 0 {
        scans::queries::count(tx, order.event_id, -were_admitted).await?;
    }
    for ticket in revoked {
        tx.emit(order.org_id, Fact::TicketRevoked { ticket_id: ticket.id, event_id: order.event_id }).await?;
        tx.audit(Change::new(Some(order.org_id), "ticket.revoked", ticket.id));
    }
    Ok(())
}
