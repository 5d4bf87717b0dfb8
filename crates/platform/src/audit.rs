//! Who did what: what a transaction notes of its changes, and on whose behalf it runs.

use std::net::IpAddr;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What kind of caller asked for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// Somebody who has not signed in.
    Anonymous,
    /// Somebody signed in.
    Person,
    /// A program with an API key.
    Key,
    /// A program with a token of our authorisation server.
    Client,
}

impl ActorKind {
    /// As it stands in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Person => "person",
            Self::Key => "key",
            Self::Client => "client",
        }
    }
}

/// On whose behalf a transaction runs; without one it is Ringside itself (a job, a command).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What kind of caller.
    pub kind: ActorKind,
    /// The person, key or client.
    pub actor: Option<Uuid>,
    /// Where the request came from.
    pub ip: Option<IpAddr>,
    /// Leads to the log.
    pub request_id: String,
}

/// One change. Secrets and personal values (names, addresses) do not belong into `before` and
/// `after`: the log is for ever, and people may ask to be forgotten.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub(crate) org: Option<Uuid>,
    pub(crate) action: &'static str,
    pub(crate) subject: Option<Uuid>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

impl Change {
    /// Something done in an organisation, or to a person's own account (`None`); the action is a noun
    /// and what happened to it: `member.role_changed`.
    #[must_use]
    pub const fn new(org: Option<Uuid>, action: &'static str, subject: Uuid) -> Self {
        Self { org, action, subject: Some(subject), before: None, after: None }
    }

    /// What it was.
    ///
    /// # Panics
    /// Never for plain data: only for maps with keys that are no text.
    #[must_use]
    pub fn before(mut self, value: impl Serialize) -> Self {
        self.before = Some(serde_json::to_value(value).expect("plain data")); // safe: see above
        self
    }

    /// What it became.
    ///
    /// # Panics
    /// Never for plain data: only for maps with keys that are no text.
    #[must_use]
    pub fn after(mut self, value: impl Serialize) -> Self {
        self.after = Some(serde_json::to_value(value).expect("plain data")); // safe: see above
        self
    }
}
