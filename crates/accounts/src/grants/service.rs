//! The rules of grants.

use contract::ErrorCode;
use contract::grants::{CreateGrant, Grant};
use domain::ids::new_id;
use domain::{Permissions, Role, Scope};
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use super::queries;
use crate::rights::{Given, Holder};
use crate::roles;

/// Grants a role. `already_granted` comes from the unique index, `not_found` for a member or team
/// from the references.
pub(crate) async fn create(
    tx: &mut Tx<'_>,
    org: Uuid,
    holder: Holder,
    wish: &CreateGrant,
) -> ApiResult<Grant> {
    let refusal = || ApiError::new(ErrorCode::InvalidFields);
    if wish.role == Role::Owner {
        return Err(refusal().field_fault("role", "not_granted", "Nobody is made an owner by a grant."));
    }
    let given = roles::given(tx, org, wish.role, wish.custom_role).await?;
    holder.must_hold(reaching(&given, wish.scope))?;
    if !queries::is_there(tx, org, wish.scope).await? {
        return Err(refusal().field_fault("scope", "unknown_scope", "There is no such event or venue."));
    }
    let (id, since) = (new_id(), tx.now());
    let grant =
        Grant { id, to: wish.to, role: given.role, custom_role: given.custom, scope: wish.scope, since };
    queries::insert(tx, org, &grant).await?;
    tx.audit(Change::new(Some(org), "grant.created", id).after(noted(&grant)));
    Ok(grant)
}

/// Ends a grant. Nobody takes what they do not hold.
pub(crate) async fn end(tx: &mut Tx<'_>, org: Uuid, holder: Holder, id: Uuid) -> ApiResult<()> {
    let grant = queries::find(tx, org, id).await?;
    let custom = grant.custom_role.as_ref().map(|role| role.id);
    let given = roles::given(tx, org, grant.role, custom).await?;
    holder.must_hold(reaching(&given, grant.scope))?;
    if queries::delete(tx, org, id).await? == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "grant.ended", id).before(noted(&grant)));
    Ok(())
}

fn reaching(given: &Given, scope: Scope) -> Permissions {
    if scope == Scope::Organisation { given.permissions } else { given.permissions.narrowed() }
}

/// As the audit log notes it: ids and names of built-in roles only.
fn noted(grant: &Grant) -> serde_json::Value {
    serde_json::json!({
        "to": grant.to,
        "role": grant.role.name(),
        "custom_role": grant.custom_role.as_ref().map(|role| role.id),
        "scope": grant.scope,
    })
}
