//! Attempts to get in by force, as those who run Ringside see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// What somebody seems to be doing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub enum ThreatKind { $($(#[$doc])* #[serde(rename = $name)] $variant),+ }

        impl ThreatKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The name that travels and stands in the database: `token_replay`.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
            /// The kind of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }
    };
}

kinds! {
    /// One network tries the passwords of many accounts.
    Stuffing = "stuffing";
    /// Many networks try the password of one account.
    Distributed = "distributed";
    /// One network asks for many things that do not exist.
    Enumeration = "enumeration";
    /// One network asks for many addresses that do not exist.
    Scanning = "scanning";
    /// One network sends many tokens that are spent or not ours.
    TokenReplay = "token_replay";
    /// One network tries many codes and secrets.
    CodeGuessing = "code_guessing";
}

/// Whether somebody has looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ThreatState {
    /// Nobody has.
    Open,
    /// Somebody has; what happens from then on is another threat.
    Acknowledged,
}

/// One attempt that went on long enough to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Threat {
    /// Its id.
    pub id: Uuid,
    /// What it looks like.
    pub kind: ThreatKind,
    /// The network it comes from; empty when it comes from many.
    #[cfg_attr(feature = "utoipa", schema(example = "203.0.113.7"))]
    pub network: String,
    /// Which account, as a short digest; empty when it is not about one.
    pub subject: String,
    /// How many different tries were counted.
    pub count: i64,
    /// How often it crossed the threshold.
    pub strikes: i32,
    /// The first time it did.
    pub first_seen: DateTime<Utc>,
    /// The last time.
    pub last_seen: DateTime<Utc>,
    /// Until when the network has a quarter of the usual limits.
    pub tightened_until: Option<DateTime<Utc>>,
    /// Whether somebody has looked at it.
    pub state: ThreatState,
}
