//! What a reading led to.

use contract::{
    ErrorCode,
    scans::{Scan, ScanOutcome},
};
use domain::ticket_code::CodeError;
use platform::error::ApiError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The answer to a reading. A refusal is an answer, too: it is kept like the log entry that was
/// written with it, so a scanner that asks again with the same key hears the same.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reading {
    /// The guest may enter.
    Admitted(Scan),
    /// The guest may not.
    Refused(Refusal),
}

/// Why a guest may not enter.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refusal {
    code: ErrorCode,
    more: Map<String, Value>,
}

impl Refusal {
    pub fn new(code: ErrorCode) -> Self {
        Self { code, more: Map::new() }
    }

    /// Adds what the scanner shows.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let error = Self::new(refusal.code).field("code", refusal.code.title());
        refusal.more.into_iter().fold(error, |error, (name, value)| error.with(&name, value))
    }
}

/// What a text that is no good code is called, and how it is logged: what is not ours at all is not.
pub(super) fn of_code(error: CodeError) -> (ErrorCode, Option<ScanOutcome>) {
    match error {
        CodeError::NotATicket | CodeError::UnknownVersion(_) => (ErrorCode::NotATicket, None),
        CodeError::OtherEvent => (ErrorCode::OtherEvent, Some(ScanOutcome::OtherEvent)),
        CodeError::UnknownKey(_) | CodeError::Altered | CodeError::Malformed(_) => {
            (ErrorCode::CodeAltered, Some(ScanOutcome::Altered))
        }
    }
}

/// The outcome's name in the database and in JSON.
pub(super) const fn name(outcome: ScanOutcome) -> &'static str {
    match outcome {
        ScanOutcome::Admitted => "admitted",
        ScanOutcome::AlreadyAdmitted => "already_admitted",
        ScanOutcome::Revoked => "revoked",
        ScanOutcome::OtherEvent => "other_event",
        ScanOutcome::Altered => "altered",
        ScanOutcome::OutsideHours => "outside_hours",
    }
}

/// The outcome of that name.
pub(super) fn of_name(text: &str) -> Option<ScanOutcome> {
    [
        ScanOutcome::Admitted,
        ScanOutcome::AlreadyAdmitted,
        ScanOutcome::Revoked,
        ScanOutcome::OtherEvent,
        ScanOutcome::Altered,
        ScanOutcome::OutsideHours,
    ]
    .into_iter()
    .find(|outcome| name(*outcome) == text)
}
