//! From draft to closed or cancelled.

use contract::{ErrorCode, events::Event};
use domain::{Fact, state::EventState};
use platform::{
    audit::Change,
    db::Tx,
    error::{ApiError, ApiResult},
};
use serde_json::json;
use uuid::Uuid;

use super::{get, lay_out, prices};
use crate::events::queries;
use crate::orders::CancelPaidOrders;

/// Moves the event to the state `to`; asking for the state it is in changes nothing.
pub async fn move_to(tx: &mut Tx<'_>, org: Uuid, id: Uuid, to: EventState) -> ApiResult<Event> {
    let row = queries::lock(tx, org, id).await?;
    let from = row.state()?;
    if from == to {
        return get(tx, org, id).await;
    }
    if !from.may_become(to) {
        return Err(ApiError::new(ErrorCode::WrongState)
            .detail(format!("A {} event cannot become {}.", from.name(), to.name()))
            .with("state", from));
    }
    match to {
        EventState::OnSale => {
            prices::require_all(tx, id).await?;
            lay_out::once(tx, &row).await?;
        }
        EventState::Cancelled => {
            for order_id in queries::cancel_pending_orders(tx, id).await? {
                tx.emit(org, Fact::OrderCancelled { order_id, event_id: id }).await?;
                tx.audit(Change::new(Some(org), "order.cancelled", order_id));
            }
            tx.enqueue(&CancelPaidOrders { event_id: id }).await?;
        }
        _ => {}
    }
    queries::set_state(tx, id, to).await?;
    let action = match to {
        EventState::Draft => "event.unpublished",
        EventState::Published => "event.published",
        EventState::OnSale => "event.sale_opened",
        EventState::Closed => "event.sale_closed",
        EventState::Cancelled => "event.cancelled",
    };
    let change = Change::new(Some(org), action, id);
    tx.audit(change.before(json!({"state": from})).after(json!({"state": to})));
    tx.emit(org, Fact::EventChanged { event_id: id }).await?;
    get(tx, org, id).await
}
