//! From draft to closed or cancelled.

use contract::{ErrorCode, events::Event};
use domain::{Fact, state::EventState};
use platform::{
    db::Tx,
    error::{ApiError, ApiResult},
};
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
            }
            tx.enqueue(&CancelPaidOrders { event_id: id }).await?;
        }
        _ => {}
    }
    queries::set_state(tx, id, to).await?;
    tx.emit(org, Fact::EventChanged { event_id: id }).await?;
    get(tx, org, id).await
}
