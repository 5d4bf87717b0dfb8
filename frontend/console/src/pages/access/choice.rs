//! Choosing a role: the built-in ones and the organisation's own, those this person may give.

use contract::roles::{RoleEntry, RoleRef};
use domain::Role;
use ui::session;
use uuid::Uuid;

use crate::parts::words;

/// How a role stands in a choice: `viewer`, or the id of a custom one.
pub fn value(role: Role, custom: Option<&RoleRef>) -> String {
    custom.map_or_else(|| role.name().to_owned(), |custom| custom.id.to_string())
}

/// The role that stands for this value.
pub fn chosen(value: &str) -> Option<(Role, Option<Uuid>)> {
    match Role::from_name(value) {
        Some(role) => Some((role, None)),
        None => value.parse().ok().map(|id| (Role::Client, Some(id))),
    }
}

/// What a role is called.
pub fn name(role: Role, custom: Option<&RoleRef>) -> String {
    custom.map_or_else(|| words::role(role), |custom| custom.name.clone())
}

/// Whether this person may give the role: it allows no more than they may do, and only owners name
/// owners. Tracks.
pub fn givable(role: &RoleEntry) -> bool {
    session::membership().is_some_and(|own| {
        let owner = own.role == Role::Owner || role.role != Role::Owner;
        owner && role.permissions.iter().all(|permission| own.permissions.contains(permission))
    })
}

/// The roles this person may give, as values and words. Tracks.
pub fn options(roles: &[RoleEntry]) -> Vec<(String, String)> {
    let row =
        |role: &RoleEntry| (value(role.role, role.custom.as_ref()), name(role.role, role.custom.as_ref()));
    roles.iter().filter(|role| givable(role)).map(row).collect()
}
