//! Work behind the answers, as those who run Ringside see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// How much there is to do, and how late it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct JobsOverview {
    /// Facts that nobody has reacted to yet.
    pub facts: i64,
    /// Since when the oldest of them waits.
    pub oldest_fact_at: Option<DateTime<Utc>>,
    /// Since when the job waits that should have run first.
    pub oldest_due_at: Option<DateTime<Utc>>,
    /// Jobs by kind, by name; kinds without any are left out.
    pub kinds: Vec<JobKind>,
    /// What is done now and then, the next first.
    pub timers: Vec<JobTimer>,
}

/// The jobs of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct JobKind {
    /// Its name: `send_delivery`.
    #[cfg_attr(feature = "utoipa", schema(example = "send_delivery"))]
    pub kind: String,
    /// Those that could run now.
    pub due: i64,
    /// Those for later, also to be tried again.
    pub later: i64,
    /// Those that run.
    pub running: i64,
    /// Those given up.
    pub dead: i64,
}

/// Something that is done again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct JobTimer {
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(example = "expire_holds"))]
    pub name: String,
    /// When it is due next.
    pub next_run_at: DateTime<Utc>,
}

/// A job given up after its last attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct DeadJob {
    /// Its number.
    pub id: i64,
    /// Its kind.
    #[cfg_attr(feature = "utoipa", schema(example = "send_delivery"))]
    pub kind: String,
    /// Whose work it is; none: nobody's in particular.
    pub organisation_id: Option<Uuid>,
    /// What it was to do.
    #[cfg_attr(feature = "utoipa", schema(value_type = Object))]
    pub payload: Value,
    /// How often it was tried.
    pub attempts: i16,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// Which dead jobs are to be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RetryJobs {
    /// All of this kind.
    #[garde(length(chars, min = 1, max = 100))]
    #[cfg_attr(feature = "utoipa", schema(example = "send_delivery"))]
    pub kind: String,
}

/// How many jobs were given their attempts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct RetriedJobs {
    /// How many.
    pub count: i64,
}

/// The audit log names what it is about by an id of 128 bits: the job's number in the last of them.
#[must_use]
pub const fn subject(id: i64) -> Uuid {
    Uuid::from_u128(id as u128)
}
