//! What is noted beside an order: what its buyer agreed to, and who took all orders out of the house.

use std::net::IpAddr;

use contract::{ErrorCode, orders::Order};
use platform::{
    audit::Change,
    db::Tx,
    error::{ApiError, ApiResult},
    privacy::{Accepted, ConsentLog},
};
use serde_json::json;
use uuid::Uuid;

/// Notes the policies the buyer agreed to with the order, or neither comes about. Where nobody keeps
/// consents there is no policy to agree to.
pub(crate) async fn keep_consent(
    tx: &mut Tx<'_>,
    log: Option<&ConsentLog>,
    order: &Order,
    (person_id, ip): (Option<Uuid>, Option<IpAddr>),
    policies: &[Uuid],
) -> ApiResult<()> {
    if policies.is_empty() {
        return Ok(());
    }
    let code = ErrorCode::PolicyOutdated;
    let log = log.ok_or_else(|| ApiError::new(code).field("accepted[0]", code.title()))?;
    log.keep(tx, Accepted { person_id, order_id: Some(order.id), policies, ip }).await
}

/// Notes that orders left the house as a file: they name buyers.
pub(crate) fn note_export(tx: &mut Tx<'_>, org: Uuid, rows: usize) {
    tx.audit(Change::new(Some(org), "orders.exported", org).after(json!({"rows": rows})));
}
