//! Two versions side by side: which one is opened or clicked more often.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many of the letters that left were opened.
    Open,
    /// In how many of them a link was followed.
    Click,
}

impl Measure {
    /// The stable name that travels in JSON and stands in the database: `open`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Click => "click",
        }
    }

    /// The measure of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Click].into_iter().find(|measure| measure.name() == name)
    }
}

/// How a comparison stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExperimentState {
    /// Letters are written by both.
    Running,
    /// One was better by more than chance; letters are written by it.
    Decided,
    /// Its time ran out without a difference that is more than chance: the first version stays.
    Undecided,
    /// Somebody ended it: the first version stays.
    Stopped,
}

impl ExperimentState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Running, Self::Decided, Self::Undecided, Self::Stopped];

    /// The stable name that travels in JSON and stands in the database: `running`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Decided => "decided",
            Self::Undecided => "undecided",
            Self::Stopped => "stopped",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Sends some letters by the draft, the others by the version that is published.
///
/// The two rates are compared by a two-proportion z-test, two-sided, at two moments and no other: once both
/// have sent `enough` letters, and when `hours` have passed. Each look may err in one of forty cases
/// (|z| ≥ 2.2414), both together in one of twenty. When the rates differ by more than that, the better version
/// becomes the published one; when they do not until the end, the first version stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartExperiment {
    /// The draft's `revision` that was read.
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(example = 7))]
    pub revision: i32,
    /// How many letters of a hundred the draft writes.
    #[garde(range(min = 1, max = 99))]
    #[cfg_attr(feature = "utoipa", schema(minimum = 1, maximum = 99, example = 50))]
    pub share: i16,
    /// What decides.
    #[garde(skip)]
    pub measure: Measure,
    /// How many letters each must have sent to readers who agreed to be counted, before anything is decided.
    #[garde(range(min = 20, max = 1_000_000))]
    #[cfg_attr(feature = "utoipa", schema(minimum = 20, maximum = 1_000_000, example = 200))]
    pub enough: i32,
    /// When it ends at the latest, in hours from now.
    #[garde(range(min = 1, max = 2_160))]
    #[cfg_attr(feature = "utoipa", schema(minimum = 1, maximum = 2_160, example = 168))]
    pub hours: i32,
}

/// Two versions being compared, or how that ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Experiment {
    /// The comparison.
    pub id: Uuid,
    /// How it stands.
    pub state: ExperimentState,
    /// The version that was published before.
    pub first: Arm,
    /// The one that was a draft.
    pub second: Arm,
    /// How many letters of a hundred the second writes.
    #[cfg_attr(feature = "utoipa", schema(example = 50))]
    pub share: i16,
    /// What decides.
    pub measure: Measure,
    /// How many letters each must have sent before anything is decided.
    #[cfg_attr(feature = "utoipa", schema(example = 200))]
    pub enough: i32,
    /// How far the rates lie apart, in standard errors; above 0 the second is ahead. None while either has
    /// sent nothing, or nobody or everybody did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = 2.31))]
    pub z: Option<f64>,
    /// The version that won.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = 4))]
    pub winner: Option<i32>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub ends_at: DateTime<Utc>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
}

/// How one of the two does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Arm {
    /// The version's number.
    #[cfg_attr(feature = "utoipa", schema(example = 3))]
    pub version: i32,
    /// Letters that left.
    #[cfg_attr(feature = "utoipa", schema(example = 420))]
    pub sent: i64,
    /// Of these, to readers who agreed that it is counted; the rates and the decision go by them alone.
    #[serde(default)]
    #[cfg_attr(feature = "utoipa", schema(example = 260))]
    pub counted: i64,
    /// Of these, opened.
    #[cfg_attr(feature = "utoipa", schema(example = 231))]
    pub opened: i64,
    /// Of the counted, those in which a link was followed.
    #[cfg_attr(feature = "utoipa", schema(example = 57))]
    pub clicked: i64,
}

impl Arm {
    /// How many did what counts.
    #[must_use]
    pub const fn hits(&self, measure: Measure) -> i64 {
        match measure {
            Measure::Open => self.opened,
            Measure::Click => self.clicked,
        }
    }
}
