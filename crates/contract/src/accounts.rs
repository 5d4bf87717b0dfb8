//! People, sessions, organisations and their members.

use chrono::{DateTime, Utc};
use domain::{Locale, OrganisationKind, Permission, Role};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::roles::RoleRef;

/// Asks for a new account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The address to sign in with.
    #[garde(email, length(max = 254))]
    #[cfg_attr(feature = "utoipa", schema(example = "fan@demo.ringside.example"))]
    pub email: String,
    /// At least 8 characters and hard to guess.
    #[garde(length(chars, min = 8, max = 200))]
    #[cfg_attr(feature = "utoipa", schema(example = "southpaw-in-the-third-round"))]
    pub password: String,
    /// How the person wants to be called.
    #[garde(length(chars, min = 1, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Fan"))]
    pub name: String,
    /// The language of pages and mails.
    #[serde(default)]
    #[garde(skip)]
    pub locale: Locale,
    /// Versions of policies the person agrees to, as `list_policies` tells them; each must be in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 10))]
    pub accepted: Vec<Uuid>,
}

/// Asks for a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's address.
    #[garde(length(chars, min = 1, max = 254))]
    #[cfg_attr(feature = "utoipa", schema(example = "owner@demo.ringside.example"))]
    pub email: String,
    /// Its password.
    #[garde(length(chars, min = 1, max = 200))]
    pub password: String,
    /// Put the refresh token into the answer instead of a cookie: for programs.
    #[serde(default)]
    #[garde(skip)]
    pub token_in_body: bool,
}

/// Asks for a fresh access token; the refresh token comes from the cookie or from here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[derive(Default)]
pub struct Refresh {
    /// The refresh token of a program; browsers send their cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(max = 200)))]
    pub refresh_token: Option<String>,
}

/// A session has begun or goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Session {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// When the access token ends.
    pub expires_at: DateTime<Utc>,
    /// For programs that asked for it: good for one use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who signed in.
    pub me: Me,
}

/// The person signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person.
    pub id: Uuid,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their language.
    pub locale: Locale,
    /// Where they belong, by the organisation's name.
    pub memberships: Vec<Membership>,
}

/// One organisation of a person and what they may do in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Membership {
    /// The organisation.
    pub organisation: Organisation,
    /// The person's role in it; `client` where a custom role takes its place.
    pub role: Role,
    /// Their custom role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<RoleRef>,
    /// What they may do there, by role, teams and grants.
    pub permissions: Vec<Permission>,
    /// The organisation asks for a second factor and the person has none: until then nothing is allowed.
    #[serde(default)]
    pub needs_second_factor: bool,
    /// What they may do for single events or venues only.
    #[serde(default)]
    pub somewhere: Vec<Permission>,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Organisation {
    /// The organisation.
    pub id: Uuid,
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub name: String,
    /// Its short name in addresses.
    #[cfg_attr(feature = "utoipa", schema(example = "demo-promotions"))]
    pub slug: String,
    /// What it is.
    pub kind: OrganisationKind,
}

/// Founds an organisation; whoever asks becomes its owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOrganisation {
    /// Its name.
    #[garde(length(chars, min = 2, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub name: String,
    /// Its short name: letters, digits and hyphens.
    #[garde(length(chars, min = 2, max = 60), pattern(r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    #[cfg_attr(feature = "utoipa", schema(example = "demo-promotions"))]
    pub slug: String,
    /// What it is; `platform` cannot be founded.
    #[garde(skip)]
    pub kind: OrganisationKind,
}

/// A person in an organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Member {
    /// The person.
    pub user_id: Uuid,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role; `client` where a custom role takes its place.
    pub role: Role,
    /// Their custom role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<RoleRef>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Gives a member another role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// The new role; `client` with a custom role.
    #[garde(skip)]
    pub role: Role,
    /// A custom role instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub custom_role: Option<Uuid>,
}
