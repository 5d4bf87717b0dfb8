//! The rules of how members sign in.

use contract::ErrorCode;
use contract::factors::SignInPolicy;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use uuid::Uuid;

use super::queries;
use crate::factors;

/// Asks a second factor of all members, or no longer. Whoever asks it has one: nobody shuts the door
/// behind themselves.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    org: Uuid,
    by: Uuid,
    wish: &SignInPolicy,
) -> ApiResult<SignInPolicy> {
    let before = queries::requires_second_factor(tx, org).await?;
    let after = wish.requires_second_factor;
    if after && !factors::has_factor(tx, by).await? {
        return Err(ErrorCode::SecondFactorRequired.into());
    }
    if before != after {
        queries::require_second_factor(tx, org, after).await?;
        let change = Change::new(Some(org), "organisation.sign_in_policy_changed", org);
        tx.audit(change.before(SignInPolicy { requires_second_factor: before }).after(wish));
    }
    Ok(wish.clone())
}
