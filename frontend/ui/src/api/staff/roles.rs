//! Roles of the organisation.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::page::Page;
use contract::roles::{RoleEntry, WriteRole};

use crate::api::{Failure, to};

/// Roles, built-in and custom.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<RoleEntry>, Failure> {
    to(endpoints::LIST_ROLES).send().await
}

/// Puts a role together.
///
/// # Errors
/// [`Failure`]; with `name_taken` there is one of this name.
pub async fn create(role: &WriteRole, intent: &str) -> Result<RoleEntry, Failure> {
    to(endpoints::CREATE_ROLE).body(role).intent(intent).send().await
}

/// Changes a role.
///
/// # Errors
/// [`Failure`]; with `name_taken` there is another of this name.
pub async fn update(id: &str, role: &WriteRole) -> Result<RoleEntry, Failure> {
    to(endpoints::UPDATE_ROLE).at(&[id]).body(role).send().await
}

/// Deletes a role.
///
/// # Errors
/// [`Failure`]; with `role_in_use` somebody carries it.
pub async fn delete(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::DELETE_ROLE).at(&[id]).send().await
}
