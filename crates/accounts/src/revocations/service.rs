//! The rule of giving up tokens.

use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;

use super::queries;
use crate::sessions;
use crate::tokens::{AccessKeys, OpaqueToken};

/// Denies an access token, or ends the session of a refresh token; nothing for any other text.
pub(super) async fn revoke(tx: &mut Tx<'_>, keys: &AccessKeys, token: &str) -> ApiResult<()> {
    let now = tx.now();
    match keys.read(token, now) {
        Ok(access) => {
            tx.audit(Change::new(None, "token.revoked", access.claims.session_id));
            queries::deny(tx, access.jti, access.expires_at).await
        }
        Err(_) => sessions::end_by_token(tx, &OpaqueToken::presented(token)).await,
    }
}
