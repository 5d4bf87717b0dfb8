//! The rules of teams.

use contract::ErrorCode;
use contract::teams::{Team, WriteTeam};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::rights::Holder;

/// Forms a team. `name_taken` comes from the unique index.
pub(crate) async fn create(tx: &mut Tx<'_>, org: Uuid, wish: &WriteTeam) -> ApiResult<Team> {
    let (id, now, name) = (new_id(), tx.now(), named(wish)?);
    queries::insert(tx, org, id, name, now).await?;
    tx.audit(Change::new(Some(org), "team.created", id));
    Ok(Team { id, name: name.to_owned(), members: Vec::new() })
}

/// Renames a team.
pub(crate) async fn rename(tx: &mut Tx<'_>, org: Uuid, id: Uuid, wish: &WriteTeam) -> ApiResult<Team> {
    if queries::rename(tx, org, id, named(wish)?).await? == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "team.renamed", id));
    queries::find(tx, org, id).await
}

/// Dissolves a team: what was granted to it ends, so the caller must hold that.
pub(crate) async fn delete(tx: &mut Tx<'_>, org: Uuid, holder: Holder, id: Uuid) -> ApiResult<()> {
    let team = queries::find(tx, org, id).await?;
    holder.must_hold(queries::held(tx, org, &[id]).await?)?;
    if queries::delete(tx, org, id).await? == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "team.deleted", id).before(json!({"members": team.members})));
    Ok(())
}

/// Puts a member into a team; once is enough.
pub(crate) async fn join(
    tx: &mut Tx<'_>,
    org: Uuid,
    holder: Holder,
    id: Uuid,
    user_id: Uuid,
) -> ApiResult<Team> {
    queries::find(tx, org, id).await?;
    holder.must_hold(queries::held(tx, org, &[id]).await?)?;
    let now = tx.now();
    if queries::join(tx, org, &[id], user_id, now).await? > 0 {
        tx.audit(Change::new(Some(org), "team.joined", id).after(json!({"member": user_id})));
    }
    queries::find(tx, org, id).await
}

/// Takes a member out of a team.
pub(crate) async fn leave(
    tx: &mut Tx<'_>,
    org: Uuid,
    holder: Holder,
    id: Uuid,
    user_id: Uuid,
) -> ApiResult<Team> {
    queries::find(tx, org, id).await?;
    holder.must_hold(queries::held(tx, org, &[id]).await?)?;
    if queries::leave(tx, org, id, user_id).await? == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "team.left", id).before(json!({"member": user_id})));
    queries::find(tx, org, id).await
}

/// Refuses teams the organisation does not have, and teams that hold more than the caller.
pub(crate) async fn may_join(conn: &mut Conn, org: Uuid, holder: Holder, teams: &[Uuid]) -> ApiResult<()> {
    if teams.is_empty() {
        return Ok(());
    }
    if queries::known(conn, org, teams).await? != teams.len() {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault("teams", "unknown_team", "There is no such team."));
    }
    holder.must_hold(queries::held(conn, org, teams).await?)
}

fn named(wish: &WriteTeam) -> ApiResult<&str> {
    let name = wish.name.trim();
    if name.is_empty() {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault("name", "too_short", "It needs a name."));
    }
    Ok(name)
}
