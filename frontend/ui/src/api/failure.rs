//! Why a call did not give what was asked for, in words a person can use.

use contract::{ErrorCode, Problem};

use crate::i18n;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The server refused and said why.
    Refused(Box<Problem>),
    /// The server could not be reached.
    Offline,
    /// The answer made no sense: this page is older than the server.
    Unreadable(String),
}

impl Failure {
    /// A failure to write or read what travels.
    pub fn unreadable(error: impl std::fmt::Display) -> Self {
        Self::Unreadable(error.to_string())
    }

    /// The server's code.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            Self::Offline | Self::Unreadable(_) => None,
        }
    }

    /// What to tell the person: what happened and what to do.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Refused(problem) => {
                i18n::known(problem.code.text_key()).unwrap_or_else(|| problem.title.clone())
            }
            Self::Offline => i18n::text("errors.offline", &[]),
            Self::Unreadable(_) => i18n::text("errors.unreadable", &[]),
        }
    }

    /// What is wrong with the field of that name, such as `buyer.email`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let Self::Refused(problem) = self else { return None };
        let error = problem.fields.iter().find(|error| error.field == name)?;
        let key = format!("fields.{}", error.code);
        Some(i18n::known(&key).unwrap_or_else(|| error.message.clone()))
    }

    /// What is wrong with the field of that name or with one below it, such as `buyer.email` below `buyer`.
    #[must_use]
    pub fn field_below(&self, name: &str) -> Option<String> {
        let Self::Refused(problem) = self else { return None };
        let below = |field: &str| {
            field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.field(&problem.fields.iter().find(|error| below(&error.field))?.field)
    }

    /// The id that leads to the server's log.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => Some(&problem.request_id),
            Self::Offline | Self::Unreadable(_) => None,
        }
    }

    /// A list of texts the problem carries beside its code: `taken` of `seat_taken`.
    #[must_use]
    pub fn listed(&self, name: &str) -> Vec<String> {
        let Self::Refused(problem) = self else { return Vec::new() };
        let values = problem.more.get(name).and_then(serde_json::Value::as_array);
        values.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
    }
}
