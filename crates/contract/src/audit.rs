//! Who did what: the audit log.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// One change, as it was noted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// The entry.
    pub id: Uuid,
    /// Its place in the order of writing.
    pub position: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The organisation it was done in; none for a person's own account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_id: Option<Uuid>,
    /// What kind of caller: `person`, `key`, `client`, `anonymous`, or `system` for Ringside itself.
    #[cfg_attr(feature = "utoipa", schema(example = "person"))]
    pub actor_kind: String,
    /// Which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Uuid>,
    /// Their name today, where they are a member of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// The session of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
    /// Where the request came from, until that is forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Leads to the log; empty for Ringside itself.
    pub request_id: String,
    /// What was done: a noun and what happened to it, or the operation's name.
    #[cfg_attr(feature = "utoipa", schema(example = "member.role_changed"))]
    pub action: String,
    /// What it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// What it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(value_type = Option<Object>))]
    pub before: Option<Value>,
    /// What it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(value_type = Option<Object>))]
    pub after: Option<Value>,
}

/// How a row of the log breaks the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuditFaultKind {
    /// The row is not what it was when it was sealed.
    Altered,
    /// The row is gone.
    Missing,
    /// The row was slipped in between sealed ones.
    Inserted,
    /// The seal does not follow from the one before.
    BrokenSeal,
}

impl AuditFaultKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Altered, Self::Missing, Self::Inserted, Self::BrokenSeal];

    /// The stable name that travels in JSON and stands in the database: `broken_seal`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::Inserted => "inserted",
            Self::BrokenSeal => "broken_seal",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The first row that breaks the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct AuditFault {
    /// How.
    pub kind: AuditFaultKind,
    /// Where in the order of writing.
    pub position: i64,
    /// Which entry.
    pub id: Uuid,
}

/// Where the chain stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct AuditVerification {
    /// Rows sealed so far.
    pub sealed: i64,
    /// Rows that wait for their seal.
    pub waiting: i64,
    /// The last seal's hash, in hexadecimal digits. Kept elsewhere, it proves later that nothing before
    /// it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "utoipa",
        schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    )]
    pub head: Option<String>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_at: Option<DateTime<Utc>>,
    /// When the whole chain was last walked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<DateTime<Utc>>,
    /// How many seals, from the first, that walk found whole.
    pub verified_to: i64,
    /// What it stopped at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<AuditFault>,
}
