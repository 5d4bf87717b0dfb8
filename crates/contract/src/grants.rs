//! Grants: a role beside a member's own, for the whole organisation, one event or one venue.

use chrono::{DateTime, Utc};
use domain::{Role, Scope};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::roles::RoleRef;

/// To whom something is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Grantee {
    /// A member, by their account.
    Member(Uuid),
    /// A team: each of its members.
    Team(Uuid),
}

/// A role beside a member's own. Narrowed to an event or venue it allows only what concerns events
/// and venues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Grant {
    /// The grant.
    pub id: Uuid,
    /// To whom.
    pub to: Grantee,
    /// The role; `client` with a custom role.
    pub role: Role,
    /// The custom role instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<RoleRef>,
    /// For what.
    pub scope: Scope,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Grants a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateGrant {
    /// To whom.
    #[garde(skip)]
    pub to: Grantee,
    /// The role; `client` with a custom role. Nobody is made an owner this way.
    #[garde(skip)]
    pub role: Role,
    /// A custom role instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub custom_role: Option<Uuid>,
    /// For what.
    #[garde(skip)]
    pub scope: Scope,
}
