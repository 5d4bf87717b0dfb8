//! Who belongs to the organisation.

use contract::accounts::{ChangeRole, Member};
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::page::Page;

use crate::api::{Failure, to};

/// Members of the organisation.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<Member>, Failure> {
    to(endpoints::LIST_MEMBERS).query("limit", "200").send().await
}

/// Gives a member another role.
///
/// # Errors
/// [`Failure`]; with `last_owner` the organisation would be left without one.
pub async fn change_role(member: &str, role: &ChangeRole) -> Result<Member, Failure> {
    to(endpoints::CHANGE_ROLE).at(&[member]).body(role).send().await
}

/// Removes a member.
///
/// # Errors
/// [`Failure`]; with `last_owner` the organisation would be left without one.
pub async fn remove(member: &str) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_MEMBER).at(&[member]).send().await
}
