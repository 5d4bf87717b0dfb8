//! Roles: the built-in ones, and those an organisation puts together itself.

use domain::{Permission, Role};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A custom role where it is mentioned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct RoleRef {
    /// The role.
    pub id: Uuid,
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo press office"))]
    pub name: String,
}

/// A role with what it allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct RoleEntry {
    /// The built-in role; `client` for a custom one, which takes its place.
    pub role: Role,
    /// The custom role; absent for a built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<RoleRef>,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// How many members, grants and open invitations carry it.
    pub used: i64,
}

/// A custom role, new or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteRole {
    /// Its name, once in the organisation.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo press office"))]
    pub name: String,
    /// What it allows; nothing the caller may not do.
    #[garde(length(min = 1, max = 64))]
    pub permissions: Vec<Permission>,
}
