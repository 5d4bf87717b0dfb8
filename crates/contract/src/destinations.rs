//! Rooms of a team, and what is told there.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::channels::{Channel, Topic};

/// How grave an alert is, as PagerDuty's Events API v2 says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody is woken.
    Critical,
    /// Something does not work.
    Error,
    /// Something will not work for long.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// All of them, the gravest first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Error, Self::Warning, Self::Info];

    /// The name that travels: `critical`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// Sets a room up, or changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteDestination {
    /// `slack`, `discord`, `teams` or `pagerduty`; it stays what it was at first.
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(example = "slack"))]
    pub channel: Channel,
    /// What it is called.
    #[garde(length(chars, min = 1, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo control room"))]
    pub name: String,
    /// What is told there: `announcements`, `operations`.
    #[garde(length(min = 1, max = 10))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["operations"])))]
    pub topics: Vec<Topic>,
    /// The address of the room's incoming webhook, or the routing key of PagerDuty. Left out it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 1000)))]
    pub address: Option<String>,
    /// How grave its alerts are; `pagerduty` only, `error` when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub severity: Option<Severity>,
    /// Where the Events API stands, when not at its documented address; `pagerduty` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 300)))]
    pub api: Option<String>,
    /// Whether anything is told there.
    #[serde(default = "yes")]
    #[garde(skip)]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

/// A room, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Destination {
    /// The room.
    pub id: Uuid,
    /// Where it is.
    pub channel: Channel,
    /// What it is called.
    pub name: String,
    /// What is told there.
    pub topics: Vec<Topic>,
    /// What is shown of its address: the host and the last four characters.
    #[cfg_attr(feature = "utoipa", schema(example = "hooks.slack.example …a1B2"))]
    pub shown: String,
    /// How grave its alerts are; `pagerduty` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Where the Events API stands, when not at its documented address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// Whether anything is told there; an address that leads nowhere any more switches it off.
    pub enabled: bool,
    /// What the other side said when it last refused the address itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}
