//! The rules of membership.

use contract::ErrorCode;
use contract::accounts::{AddMember, Member};
use domain::Role;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::people;

/// Adds somebody who has an account. `already_member` comes from the primary key.
pub(crate) async fn add(tx: &mut Tx<'_>, org: Uuid, by: Role, wish: &AddMember) -> ApiResult<Member> {
    refuse_unless_owner(by, wish.role)?;
    let Some((user_id, _)) = people::queries::credentials(tx, wish.email.trim()).await? else {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault(
            "email",
            "unknown_account",
            "Nobody has an account with this address.",
        ));
    };
    let now = tx.now();
    queries::insert(tx, org, user_id, wish.role, now).await?;
    tx.audit(Change::new(Some(org), "member.added", user_id).after(json!({"role": wish.role})));
    queries::find(tx, org, user_id).await
}

/// Gives a member another role.
pub(crate) async fn change_role(
    tx: &mut Tx<'_>,
    org: Uuid,
    by: Role,
    user_id: Uuid,
    role: Role,
) -> ApiResult<Member> {
    let current = leaving_role(tx, org, by, user_id, Some(role)).await?;
    refuse_unless_owner(by, role)?;
    if current != role {
        queries::set_role(tx, org, user_id, role).await?;
        let change = Change::new(Some(org), "member.role_changed", user_id);
        tx.audit(change.before(json!({"role": current})).after(json!({"role": role})));
    }
    queries::find(tx, org, user_id).await
}

/// Removes a member. What they did stays theirs; what they may do ends with this commit.
pub(crate) async fn remove(tx: &mut Tx<'_>, org: Uuid, by: Role, user_id: Uuid) -> ApiResult<()> {
    let role = leaving_role(tx, org, by, user_id, None).await?;
    tx.audit(Change::new(Some(org), "member.removed", user_id).before(json!({"role": role})));
    queries::delete(tx, org, user_id).await
}

/// The role a member is about to give up for `next`, when that is allowed. All owners of the
/// organisation stay locked until the commit, so two who leave at once cannot both be last.
async fn leaving_role(
    tx: &mut Tx<'_>,
    org: Uuid,
    by: Role,
    user_id: Uuid,
    next: Option<Role>,
) -> ApiResult<Role> {
    let owners = queries::lock_owners(tx, org).await?;
    let current = queries::find(tx, org, user_id).await?.role;
    refuse_unless_owner(by, current)?;
    if current == Role::Owner && next != Some(Role::Owner) && owners.len() == 1 {
        return Err(ErrorCode::LastOwner.into());
    }
    Ok(current)
}

fn refuse_unless_owner(by: Role, touched: Role) -> ApiResult<()> {
    if touched == Role::Owner && by != Role::Owner {
        return Err(ApiError::new(ErrorCode::NotPermitted).detail("Only an owner makes or unmakes an owner."));
    }
    Ok(())
}
