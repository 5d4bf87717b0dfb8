//! What somebody may do in an organisation, and what they may give others: nothing they do not hold.

use contract::ErrorCode;
use contract::roles::RoleRef;
use domain::{Permissions, Role, Scope};
use platform::error::{ApiError, ApiResult};
use platform::guard::{Actor, Narrow};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::members::queries::role_named;

/// What a member may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Their built-in role.
    pub(crate) role: Role,
    /// What they may do for all of the organisation.
    pub(crate) permissions: Permissions,
    /// What they may do for one event or venue.
    pub(crate) narrow: Vec<Narrow>,
}

/// A grant as `member_rights` tells of it.
#[derive(Deserialize)]
struct Granted {
    role: String,
    permissions: Option<Vec<String>>,
    scope: String,
    id: Option<Uuid>,
    events: Vec<Uuid>,
    venue: Option<Uuid>,
}

impl Rights {
    /// Of a row of `member_rights`: a custom role takes the place of what the built-in one allows, and
    /// what is granted comes on top.
    pub(crate) fn of(role: &str, custom: Option<&[String]>, grants: Value) -> ApiResult<Self> {
        let role = role_named(role)?;
        let mut rights = Self { role, permissions: allowed(role, custom), narrow: Vec::new() };
        for granted in serde_json::from_value::<Vec<Granted>>(grants)? {
            let permissions = allowed(role_named(&granted.role)?, granted.permissions.as_deref());
            match Scope::of(&granted.scope, granted.id) {
                Some(Scope::Organisation) => rights.permissions = rights.permissions.and(permissions),
                Some(scope) => {
                    // An event that is gone has no venue: nothing is left to reach.
                    let Some(venue) = granted.venue else { continue };
                    let permissions = permissions.narrowed();
                    rights.narrow.push(Narrow { scope, permissions, events: granted.events, venue });
                }
                None => return Err(ApiError::internal(anyhow::anyhow!("an unknown scope is granted"))),
            }
        }
        Ok(rights)
    }

    /// What they may do for single events or venues and not for all.
    pub(crate) fn somewhere(&self) -> Permissions {
        let narrow = self.narrow.iter().fold(Permissions::NONE, |all, one| all.and(one.permissions));
        narrow.iter().filter(|permission| !self.permissions.contains(*permission)).collect()
    }
}

fn allowed(role: Role, custom: Option<&[String]>) -> Permissions {
    match custom {
        Some(names) => Permissions::named(names.iter().map(String::as_str)),
        None => role.permissions(),
    }
}

/// A role about to be given: a built-in one, or a custom one with `client` as its base.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given {
    /// The built-in role.
    pub(crate) role: Role,
    /// The custom role in its place.
    pub(crate) custom: Option<RoleRef>,
    /// What it allows.
    pub(crate) permissions: Permissions,
}

impl Given {
    /// The custom role's id.
    pub(crate) fn custom_id(&self) -> Option<Uuid> {
        self.custom.as_ref().map(|custom| custom.id)
    }

    /// As the audit log notes it.
    pub(crate) fn noted(&self) -> Value {
        json!({"role": self.role.name(), "custom_role": self.custom_id()})
    }
}

/// What the caller holds, and so may give or take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    owner: bool,
    permissions: Permissions,
}

impl Holder {
    /// What this actor holds in the organisation acted in.
    pub(crate) fn of(actor: &Actor) -> Self {
        Self {
            owner: actor.member().is_some_and(|member| member.role == Role::Owner),
            permissions: actor.place().map_or(Permissions::NONE, |(.., permissions)| permissions),
        }
    }

    /// Refuses to give or take a role that allows more than the caller may do. Owners are made and
    /// unmade by owners only.
    pub(crate) fn may_give(self, given: &Given) -> ApiResult<()> {
        if given.role == Role::Owner && !self.owner {
            let refusal = ApiError::new(ErrorCode::NotPermitted);
            return Err(refusal.detail("Only an owner makes or unmakes an owner."));
        }
        self.must_hold(given.permissions)
    }

    /// Refuses permissions the caller does not hold.
    pub(crate) fn must_hold(self, permissions: Permissions) -> ApiResult<()> {
        if self.permissions.cover(permissions) {
            return Ok(());
        }
        Err(ApiError::new(ErrorCode::NotPermitted).detail("Nobody gives or takes what they do not hold."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Permission;

    #[test]
    fn grants_add_to_the_role_and_narrow_ones_stay_narrow() {
        let event = Uuid::from_u128(7);
        let rights = Rights::of(
            "client",
            Some(&["orders.read".to_owned(), "no.such".to_owned()]),
            json!([
                {"role": "scanner", "permissions": null, "scope": "organisation", "id": null,
                 "events": [], "venue": null},
                {"role": "admin", "permissions": null, "scope": "event", "id": event,
                 "events": [event], "venue": Uuid::from_u128(8)},
            ]),
        )
        .unwrap();
        assert!(rights.permissions.contains(Permission::OrdersRead));
        assert!(rights.permissions.contains(Permission::ScansRecord));
        assert!(!rights.permissions.contains(Permission::EventsManage));
        assert_eq!(rights.narrow[0].scope, Scope::Event(event));
        assert!(rights.somewhere().contains(Permission::EventsManage));
        assert!(!rights.somewhere().contains(Permission::MembersManage), "that concerns all");
        assert!(!rights.somewhere().contains(Permission::OrdersRead), "held for all already");
    }

    #[test]
    fn a_custom_role_takes_the_place_of_its_base() {
        let rights = Rights::of("client", Some(&["orders.read".to_owned()]), json!([])).unwrap();
        assert_eq!(rights.permissions.iter().collect::<Vec<_>>(), [Permission::OrdersRead]);
    }
}
