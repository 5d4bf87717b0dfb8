//! The rules of identities.

use contract::ErrorCode;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use uuid::Uuid;

use super::queries;

/// Takes an identity off the account it belongs to. Whoever has no password asks for one by mail.
pub(super) async fn remove(tx: &mut Tx<'_>, user_id: Uuid, id: Uuid) -> ApiResult<()> {
    if queries::delete(tx, user_id, id).await? == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(None, "identity.removed", user_id));
    Ok(())
}
