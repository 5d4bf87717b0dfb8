//! The rules of threats.

use contract::ErrorCode;
use contract::threats::Threat;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use uuid::Uuid;

use super::queries;

/// Somebody has looked at it. A second time changes nothing.
pub(super) async fn acknowledge(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<Threat> {
    if queries::acknowledge(tx, id).await? {
        tx.audit(Change::new(Some(org), "threat.acknowledged", id));
    }
    queries::find(tx, id).await?.ok_or_else(|| ErrorCode::NotFound.into())
}

/// The threat's network has its usual limits again. A second time changes nothing.
pub(super) async fn lift(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<Threat> {
    let now = tx.now();
    let threat = queries::find(tx, id).await?.ok_or(ErrorCode::NotFound)?;
    if !threat.network.is_empty() && queries::lift(tx, &threat.network, now).await? {
        tx.audit(Change::new(Some(org), "threat.lifted", id));
    }
    queries::find(tx, id).await?.ok_or_else(|| ErrorCode::NotFound.into())
}
