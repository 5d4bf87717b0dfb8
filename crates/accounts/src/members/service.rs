//! The rules of membership.

use contract::ErrorCode;
use contract::accounts::{ChangeRole, Member};
use domain::{Permission, Role};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::people::queries::addressee;
use crate::post::Addressee;
use crate::rights::{Given, Holder, Rights};
use crate::roles;

/// Gives a member another role.
pub(crate) async fn change_role(
    tx: &mut Tx<'_>,
    org: Uuid,
    holder: Holder,
    user_id: Uuid,
    wish: &ChangeRole,
) -> ApiResult<Member> {
    let current = leaving_role(tx, org, holder, user_id, Some(wish.role)).await?;
    let next = roles::given(tx, org, wish.role, wish.custom_role).await?;
    holder.may_give(&next)?;
    if current != next {
        queries::set_role(tx, org, user_id, next.role, next.custom_id()).await?;
        let change = Change::new(Some(org), "member.role_changed", user_id);
        tx.audit(change.before(current.noted()).after(next.noted()));
    }
    queries::find(tx, org, user_id).await
}

/// Removes a member. What they did stays theirs; what they may do ends with this commit.
pub(crate) async fn remove(tx: &mut Tx<'_>, org: Uuid, holder: Holder, user_id: Uuid) -> ApiResult<()> {
    let current = leaving_role(tx, org, holder, user_id, None).await?;
    queries::delete(tx, org, user_id).await?;
    tx.audit(Change::new(Some(org), "member.removed", user_id).before(current.noted()));
    Ok(())
}

/// The role a member is about to give up for `next`, when that is allowed. All owners of the
/// organisation stay locked until the commit, so two who leave at once cannot both be last.
async fn leaving_role(
    tx: &mut Tx<'_>,
    org: Uuid,
    holder: Holder,
    user_id: Uuid,
    next: Option<Role>,
) -> ApiResult<Given> {
    let owners = queries::lock_owners(tx, org).await?;
    let member = queries::find(tx, org, user_id).await?;
    let current = roles::given(tx, org, member.role, member.custom_role.map(|role| role.id)).await?;
    holder.may_give(&current)?;
    if current.role == Role::Owner && next != Some(Role::Owner) && owners.len() == 1 {
        return Err(ErrorCode::LastOwner.into());
    }
    Ok(current)
}

/// The organisation's name, and the members whose role allows something: whom to write to about it.
///
/// # Errors
/// The database.
pub async fn who_may(
    conn: &mut Conn,
    org: Uuid,
    permission: Permission,
) -> ApiResult<(String, Vec<(Uuid, Addressee)>)> {
    let (organisation, members) = queries::with_rights(conn, org).await?;
    let mut people = Vec::new();
    for (user_id, role, custom) in members {
        let rights = Rights::of(&role, custom.as_deref(), json!([]))?;
        if rights.permissions.contains(permission) {
            people.push((user_id, addressee(conn, user_id).await?));
        }
    }
    Ok((organisation, people))
}

/// Some of those who work for an organisation, in the order of their ids, those after `after`: of some roles, or
/// all. Its clients do not work for it.
///
/// # Errors
/// The database.
pub async fn staff(
    conn: &mut Conn,
    org: Uuid,
    roles: &[Role],
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<(Uuid, Addressee)>> {
    queries::staff(conn, org, roles, after, limit).await
}

/// How many work for an organisation, of some roles or all.
///
/// # Errors
/// The database.
pub async fn count_staff(conn: &mut Conn, org: Uuid, roles: &[Role]) -> ApiResult<i32> {
    queries::count_staff(conn, org, roles).await
}
