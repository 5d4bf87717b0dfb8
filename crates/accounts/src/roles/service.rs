//! The rules of custom roles.

use contract::ErrorCode;
use contract::roles::{RoleEntry, RoleRef, WriteRole};
use domain::ids::new_id;
use domain::{Permissions, Role};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use super::queries;
use crate::rights::{Given, Holder};

/// The built-in roles, strongest first, then the organisation's own by name.
pub(crate) async fn list(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<RoleEntry>> {
    let uses = queries::built_in_uses(conn, org).await?;
    let used = |role: Role| uses.iter().find(|(name, _)| name == role.name()).map_or(0, |(_, used)| *used);
    let built_in = Role::ALL.map(|role| RoleEntry {
        role,
        custom: None,
        permissions: role.permissions().iter().collect(),
        used: used(role),
    });
    let custom = queries::list(conn, org).await?;
    Ok(built_in.into_iter().chain(custom.into_iter().map(RoleEntry::from)).collect())
}

/// Puts a role together. `name_taken` comes from the unique index.
pub(crate) async fn create(
    tx: &mut Tx<'_>,
    org: Uuid,
    holder: Holder,
    wish: &WriteRole,
) -> ApiResult<RoleEntry> {
    let (id, now, permissions) = (new_id(), tx.now(), wished(wish));
    holder.must_hold(permissions)?;
    let name = named(&wish.name)?;
    queries::insert(tx, org, id, name, permissions, now).await?;
    tx.audit(Change::new(Some(org), "role.created", id).after(queries::names(permissions)));
    Ok(entry(id, name, permissions, 0))
}

/// Changes a role for all who carry it. The caller holds what it allowed and what it will allow.
pub(crate) async fn update(
    tx: &mut Tx<'_>,
    org: Uuid,
    holder: Holder,
    id: Uuid,
    wish: &WriteRole,
) -> ApiResult<RoleEntry> {
    let before = queries::lock(tx, org, id).await?.ok_or(ErrorCode::NotFound)?.permissions();
    let after = wished(wish);
    holder.must_hold(before.and(after))?;
    let name = named(&wish.name)?;
    queries::update(tx, org, id, name, after).await?;
    let change = Change::new(Some(org), "role.changed", id);
    tx.audit(change.before(queries::names(before)).after(queries::names(after)));
    let written = queries::list(tx, org).await?.into_iter().find(|role| role.id == id);
    written.map(RoleEntry::from).ok_or_else(|| ErrorCode::NotFound.into())
}

/// Deletes a role nobody carries.
pub(crate) async fn delete(tx: &mut Tx<'_>, org: Uuid, holder: Holder, id: Uuid) -> ApiResult<()> {
    let role = queries::lock(tx, org, id).await?.ok_or(ErrorCode::NotFound)?;
    holder.must_hold(role.permissions())?;
    queries::delete(tx, org, id).await?;
    tx.audit(Change::new(Some(org), "role.deleted", id).before(queries::names(role.permissions())));
    Ok(())
}

/// The role that is wished for somebody: a built-in one, or `client` with a custom one of the
/// organisation, kept as it is until the transaction ends.
pub(crate) async fn given(conn: &mut Conn, org: Uuid, role: Role, custom: Option<Uuid>) -> ApiResult<Given> {
    let Some(id) = custom else {
        return Ok(Given { role, custom: None, permissions: role.permissions() });
    };
    let refusal = || ApiError::new(ErrorCode::InvalidFields);
    if role != Role::Client {
        let message = "A custom role takes the place of a built-in one: send the role client with it.";
        return Err(refusal().field_fault("role", "not_with_custom_role", message));
    }
    let Some(row) = queries::lock(conn, org, id).await? else {
        return Err(refusal().field_fault("custom_role", "unknown_role", "There is no such role."));
    };
    let permissions = row.permissions();
    Ok(Given { role, custom: Some(RoleRef { id, name: row.name }), permissions })
}

fn wished(wish: &WriteRole) -> Permissions {
    wish.permissions.iter().copied().collect()
}

fn named(name: &str) -> ApiResult<&str> {
    let name = name.trim();
    if name.is_empty() {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault("name", "too_short", "It needs a name."));
    }
    Ok(name)
}

fn entry(id: Uuid, name: &str, permissions: Permissions, used: i64) -> RoleEntry {
    RoleEntry {
        role: Role::Client,
        custom: Some(RoleRef { id, name: name.to_owned() }),
        permissions: permissions.iter().collect(),
        used,
    }
}
