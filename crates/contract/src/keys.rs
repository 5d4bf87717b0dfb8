//! API keys: how programs act in an organisation.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Permission;
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// The key.
    pub id: Uuid,
    /// What it is for.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo accounting export"))]
    pub name: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// The networks it may call from (CIDR); none listed means all.
    #[cfg_attr(feature = "utoipa", schema(example = json!(["203.0.113.0/24"])))]
    pub networks: Vec<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, give or take ten seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<DateTime<Utc>>,
    /// Until when the secret before the present one is good as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret_until: Option<DateTime<Utc>>,
}

/// A key with its secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct NewApiKey {
    /// The key.
    pub key: ApiKey,
    /// Send it as `Authorization: Bearer …`.
    #[cfg_attr(feature = "utoipa", schema(example = "rsk_0190…_…"))]
    pub secret: String,
}

/// Makes a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What it is for.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo accounting export"))]
    pub name: String,
    /// What it may do; nothing its maker may not do.
    #[garde(length(min = 1, max = 64))]
    pub permissions: Vec<Permission>,
    /// The networks it may call from (CIDR, or single addresses); none means all.
    #[serde(default)]
    #[garde(length(max = 50), inner(length(max = 50)))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["203.0.113.0/24"])))]
    pub networks: Vec<String>,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// Gives a key a new secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// How long the present secret stays good, in hours, up to 720; 24 when not given, 0 ends it at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(range(max = 720)))]
    #[cfg_attr(feature = "utoipa", schema(example = 24))]
    pub overlap_hours: Option<u32>,
}

/// How often a key was used on one day (UTC).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct KeyUse {
    /// The day.
    pub day: NaiveDate,
    /// Requests let in.
    pub requests: i64,
}

/// The use of a key over the last 30 days; days without use are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct KeyUsage {
    /// By day, oldest first.
    pub days: Vec<KeyUse>,
}
