//! The end of an order that is not wanted any more, or was not paid in time.

use chrono::{DateTime, Utc};
use contract::{ErrorCode, orders::Order};
use domain::{Fact, Permission, state::OrderState};
use platform::{
    audit::Change,
    db::Tx,
    error::{ApiError, ApiResult},
    keys::MasterKey,
};
use serde_json::json;
use uuid::Uuid;

use super::read;
use crate::{
    inventory::{Owner, seats, standing},
    orders::{
        queries::{self, OrderRow},
        reader::Reader,
    },
    payments, tickets,
};

/// Cancels an order: its buyer while it is not paid, staff always. Its places are free again, its
/// tickets admit no more, and money that was paid must go back.
pub(crate) async fn cancel(tx: &mut Tx<'_>, keys: &MasterKey, reader: &Reader, id: Uuid) -> ApiResult<Order> {
    let now = tx.now();
    let row = queries::public_lock(tx, id).await?.ok_or(ErrorCode::NotFound)?;
    let staff = reader.is_staff(row.belongs(), Permission::OrdersManage);
    if !staff && !reader.may_see(row.belongs(), Permission::OrdersRead) {
        return Err(ErrorCode::NotFound.into());
    }
    if !staff && !reader.is_buyer(row.belongs()) {
        return Err(ErrorCode::NotPermitted.into());
    }
    let state = row.state(now)?;
    if !state.may_become(OrderState::Cancelled) || (state == OrderState::Paid && !staff) {
        return Err(ApiError::new(ErrorCode::WrongState)
            .detail(format!("An order that is {} cannot be cancelled.", state.name()))
            .with("state", state));
    }
    if state == OrderState::Paid {
        undo_paid(tx, &row, "The order was cancelled.").await?;
    } else {
        free_claims(tx, &row).await?;
        cancelled(tx, &row).await?;
    }
    read::load(tx, keys, id, now).await?.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Cancels a paid order because its event will not take place.
pub(crate) async fn cancel_paid(tx: &mut Tx<'_>, id: Uuid) -> ApiResult<()> {
    match queries::public_lock(tx, id).await? {
        Some(row) if row.state == OrderState::Paid.name() => {
            undo_paid(tx, &row, "The event was cancelled.").await
        }
        _ => Ok(()),
    }
}

/// Tickets admit no more, money goes back.
async fn undo_paid(tx: &mut Tx<'_>, row: &OrderRow, reason: &str) -> ApiResult<()> {
    tickets::service::revoke_all(tx, row, reason).await?;
    payments::refund_succeeded(tx, row).await?;
    cancelled(tx, row).await
}

async fn cancelled(tx: &mut Tx<'_>, row: &OrderRow) -> ApiResult<()> {
    queries::set_state(tx, row.id, OrderState::Cancelled).await?;
    let change = Change::new(Some(row.org_id), "order.cancelled", row.id);
    tx.audit(change.before(json!({"state": row.state})).after(json!({"state": OrderState::Cancelled})));
    tx.emit(row.org_id, Fact::OrderCancelled { order_id: row.id, event_id: row.event_id }).await
}

/// Ends an order that was not paid in time.
pub(crate) async fn expire(tx: &mut Tx<'_>, id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    let Some(row) = queries::public_lock(tx, id).await? else { return Ok(()) };
    if row.state != OrderState::Pending.name() || row.expires_at > now {
        return Ok(());
    }
    free_claims(tx, &row).await?;
    queries::set_state(tx, id, OrderState::Expired).await?;
    tx.emit(row.org_id, Fact::OrderExpired { order_id: id, event_id: row.event_id }).await
}

/// Gives the places of a locked, unpaid order back.
pub(crate) async fn free_claims(tx: &mut Tx<'_>, row: &OrderRow) -> ApiResult<()> {
    seats::lock_of_order(tx, row.id).await?;
    seats::free_of_order(tx, row.id).await?;
    standing::give_back(tx, Owner::Order(row.id)).await
}
