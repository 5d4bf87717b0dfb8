//! A person's own account: proving the address, passwords, devices and tokens.

use chrono::{DateTime, Utc};
use domain::Locale;
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Proves that an address is one's own, by what the letter's link carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyAddress {
    /// What stands behind `#` in the link.
    #[garde(length(min = 1, max = 200))]
    pub token: String,
    /// Put the refresh token into the answer instead of a cookie: for programs.
    #[serde(default)]
    #[garde(skip)]
    pub token_in_body: bool,
}

/// Asks for a letter to an address: its proof once more, or a new password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskForLetter {
    /// The account's address.
    #[garde(length(chars, min = 1, max = 254))]
    #[cfg_attr(feature = "utoipa", schema(example = "somebody@demo.ringside.example"))]
    pub email: String,
}

/// Chooses a new password, by what the letter's link carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RedeemReset {
    /// What stands behind `#` in the link.
    #[garde(length(min = 1, max = 200))]
    pub token: String,
    /// At least 8 characters and hard to guess.
    #[garde(length(chars, min = 8, max = 200))]
    pub password: String,
}

/// Changes one's own password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present password.
    #[garde(length(chars, min = 1, max = 200))]
    pub old_password: String,
    /// At least 8 characters and hard to guess.
    #[garde(length(chars, min = 8, max = 200))]
    pub password: String,
}

/// Changes what an account says about its owner; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    /// How the person wants to be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 100)))]
    pub name: Option<String>,
    /// The language of pages and mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub locale: Option<Locale>,
}

/// A session of the person who asks, as the device it goes on on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Device {
    /// The session.
    pub id: Uuid,
    /// In plain words; empty when it does not tell.
    #[cfg_attr(feature = "utoipa", schema(example = "Chrome on Windows"))]
    pub device: String,
    /// Where it was last used from.
    pub ip: Option<String>,
    /// The country that lies in (ISO 3166-1), when it is known.
    #[cfg_attr(feature = "utoipa", schema(example = "TH"))]
    pub country: Option<String>,
    /// The city, by its English name, when it is known.
    #[cfg_attr(feature = "utoipa", schema(example = "Bangkok"))]
    pub city: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last prolonged.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Gives up a token before its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// An access token, or the refresh token of a program.
    #[garde(length(min = 1, max = 4096))]
    pub token: String,
}
