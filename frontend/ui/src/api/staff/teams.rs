//! Teams of the organisation, and what is granted beside roles.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::grants::{CreateGrant, Grant};
use contract::page::Page;
use contract::teams::{Team, WriteTeam};

use crate::api::{Failure, to};

/// Teams and who belongs to them.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<Team>, Failure> {
    to(endpoints::LIST_TEAMS).query("limit", "200").send().await
}

/// Forms a team.
///
/// # Errors
/// [`Failure`]; with `name_taken` there is one of this name.
pub async fn create(team: &WriteTeam, intent: &str) -> Result<Team, Failure> {
    to(endpoints::CREATE_TEAM).body(team).intent(intent).send().await
}

/// Dissolves a team.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn delete(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::DELETE_TEAM).at(&[id]).send().await
}

/// Puts a member into a team.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn join(team: &str, member: &str) -> Result<Team, Failure> {
    to(endpoints::JOIN_TEAM).at(&[team, member]).send().await
}

/// Takes a member out of a team.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn leave(team: &str, member: &str) -> Result<Team, Failure> {
    to(endpoints::LEAVE_TEAM).at(&[team, member]).send().await
}

/// What is granted beside the members' own roles.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn grants() -> Result<Page<Grant>, Failure> {
    to(endpoints::LIST_GRANTS).query("limit", "200").send().await
}

/// Grants a role.
///
/// # Errors
/// [`Failure`]; with `already_granted` it was before.
pub async fn grant(grant: &CreateGrant, intent: &str) -> Result<Grant, Failure> {
    to(endpoints::CREATE_GRANT).body(grant).intent(intent).send().await
}

/// Ends a grant.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn end_grant(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::END_GRANT).at(&[id]).send().await
}
