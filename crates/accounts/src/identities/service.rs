//! The rules of identities.

use contract::ErrorCode;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::people;

/// Takes an identity off the account it belongs to, unless it is the only way to sign in to it. Whoever wants to
/// be without it asks for a password by mail first.
pub(super) async fn remove(tx: &mut Tx<'_>, user_id: Uuid, id: Uuid) -> ApiResult<()> {
    // One after the other: two removed at once would leave none.
    people::queries::lock(tx, user_id).await?;
    let own = queries::list(tx, user_id).await?;
    let identity = own.into_iter().find(|identity| identity.id == id).ok_or(ErrorCode::NotFound)?;
    if identity.only_way {
        return Err(ErrorCode::LastWayToSignIn.into());
    }
    queries::delete(tx, user_id, id).await?;
    let change = Change::new(None, "identity.removed", user_id);
    tx.audit(change.before(json!({"provider": identity.provider, "organisation": identity.organisation})));
    Ok(())
}
