//! What arriving by an organisation's provider makes of somebody in it.

use contract::ErrorCode;
use contract::sign_on::RoleChoice;
use domain::Role;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use serde_json::Value;
use uuid::Uuid;

use crate::identity_providers::{Provider, chosen};
use crate::rights::Given;
use crate::{members, roles};

/// Makes the person a member where the provider may, and gives the role its rules say. Without rules a
/// role given by hand stays. Owners are made and unmade by owners: no provider takes the last one away.
pub(super) async fn follow(
    tx: &mut Tx<'_>,
    provider: &Provider,
    claims: &Value,
    user_id: Uuid,
) -> ApiResult<()> {
    let (org, now) = (provider.org_id, tx.now());
    let choice = chosen(&provider.roles, claims);
    let Some((role, custom)) = members::queries::lock(tx, org, user_id).await? else {
        if !provider.jit {
            return Err(ErrorCode::SignOnNotAMember.into());
        }
        let given = given(tx, org, choice).await?;
        members::queries::insert(tx, org, user_id, given.role, given.custom_id(), now).await?;
        tx.audit(Change::new(Some(org), "member.joined", user_id).after(given.noted()));
        return Ok(());
    };
    if provider.roles.claim.is_none() || role == Role::Owner {
        return Ok(());
    }
    let (before, after) = (roles::given(tx, org, role, custom).await?, given(tx, org, choice).await?);
    if before != after {
        members::queries::set_role(tx, org, user_id, after.role, after.custom_id()).await?;
        let change = Change::new(Some(org), "member.role_changed", user_id);
        tx.audit(change.before(before.noted()).after(after.noted()));
    }
    Ok(())
}

/// The role chosen; where a custom one was deleted meanwhile, the least there is.
async fn given(conn: &mut Conn, org: Uuid, choice: RoleChoice) -> ApiResult<Given> {
    match roles::given(conn, org, choice.role, choice.custom_role).await {
        Err(error) if error.code() == ErrorCode::InvalidFields => {
            tracing::warn!(%org, "a provider's rules name a role that is gone");
            roles::given(conn, org, Role::Client, None).await
        }
        given => given,
    }
}
