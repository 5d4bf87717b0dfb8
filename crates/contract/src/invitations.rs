//! Invitations: the way into an organisation, by mail.

use chrono::{DateTime, Utc};
use domain::{Locale, Role};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::roles::RoleRef;

/// Invites somebody, whether or not they have an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The address the invitation is mailed to; the account that accepts must have it.
    #[garde(email, length(max = 254))]
    #[cfg_attr(feature = "utoipa", schema(example = "scanner@demo.ringside.example"))]
    pub email: String,
    /// The role to come; `client` with a custom role.
    #[garde(skip)]
    pub role: Role,
    /// A custom role instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub custom_role: Option<Uuid>,
    /// The teams to join.
    #[serde(default)]
    #[garde(length(max = 20))]
    pub teams: Vec<Uuid>,
}

/// An invitation that has not been accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// The invitation.
    pub id: Uuid,
    /// To whom it was mailed.
    pub email: String,
    /// The role to come.
    pub role: Role,
    /// The custom role to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<RoleRef>,
    /// The teams to join.
    pub teams: Vec<Uuid>,
    /// When it was first sent.
    pub created_at: DateTime<Utc>,
    /// Until when its link is good; sending it again starts seven days anew.
    pub expires_at: DateTime<Utc>,
}

/// The secret of an invitation's link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationToken {
    /// What stands after `#` in the link.
    #[garde(length(min = 1, max = 100))]
    pub token: String,
}

/// Opens an account for the address invited and accepts the invitation. The letter was received, so the
/// address is proved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUpInvited {
    /// What stands after `#` in the link.
    #[garde(length(min = 1, max = 100))]
    pub token: String,
    /// At least 8 characters and hard to guess.
    #[garde(length(chars, min = 8, max = 200))]
    #[cfg_attr(feature = "utoipa", schema(example = "southpaw-in-the-third-round"))]
    pub password: String,
    /// How the person wants to be called.
    #[garde(length(chars, min = 1, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Scanner"))]
    pub name: String,
    /// The language of pages and mails.
    #[serde(default)]
    #[garde(skip)]
    pub locale: Locale,
    /// Versions of policies the person agrees to, as `list_policies` tells them; each must be in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 10))]
    pub accepted: Vec<Uuid>,
    /// Put the refresh token into the answer instead of a cookie: for programs.
    #[serde(default)]
    #[garde(skip)]
    pub token_in_body: bool,
}

/// What the holder of an invitation's link may know before accepting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct InvitationView {
    /// The organisation's name.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub organisation: String,
    /// The address invited.
    pub email: String,
    /// The role to come.
    pub role: Role,
    /// The name of the custom role to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}
