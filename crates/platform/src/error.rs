//! A refusal or a failure on its way to the caller, as a problem document (RFC 9457).

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use contract::{ErrorCode, FieldError, Problem};
use diesel::result::{DatabaseErrorKind, Error as DbError};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::request;

/// What a handler or a service gives back.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refusal with its code, or a failure whose cause is logged and never shown.
#[derive(Debug)]
pub struct ApiError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: ErrorCode,
    detail: Option<String>,
    fields: Vec<FieldError>,
    more: Map<String, Value>,
    cause: Option<anyhow::Error>,
    nature: Nature,
}

/// What the database's answer means for trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    Plain,
    Retryable,
    BrokenConnection,
    /// Another transaction stored an answer under the same key first.
    TakenKey,
}

impl ApiError {
    /// A refusal.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(Inner {
            code,
            detail: None,
            fields: Vec::new(),
            more: Map::new(),
            cause: None,
            nature: Nature::Plain,
        }))
    }

    /// A failure of ours: answered blankly, logged with its causes.
    #[must_use]
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::new(ErrorCode::Internal).caused_by(cause)
    }

    /// Says more about this occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Names a field that needs attention, with the refusal's own code as the fault.
    #[must_use]
    pub fn field(self, field: impl Into<String>, message: impl Into<String>) -> Self {
        let code = self.0.code.code();
        self.field_fault(field, code, message)
    }

    /// Names a field that needs attention and its fault, such as `too_short`.
    #[must_use]
    pub fn field_fault(
        mut self,
        field: impl Into<String>,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        self.0.fields.push(FieldError { field: field.into(), code: code.into(), message: message.into() });
        self
    }

    /// Names several fields.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = FieldError>) -> Self {
        self.0.fields.extend(fields);
        self
    }

    /// Adds what the code promises beside the usual: `taken` for `seat_taken`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => {
                self.0.more.insert(name.to_owned(), value);
                self
            }
            Err(error) => Self::internal(error),
        }
    }

    /// Keeps what led here, for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Whether the same transaction may succeed when run again.
    pub(crate) fn is_retryable(&self) -> bool {
        self.0.nature == Nature::Retryable
    }

    /// Whether a twin of the request has committed in the meantime.
    pub(crate) fn is_taken_key(&self) -> bool {
        self.0.nature == Nature::TakenKey
    }

    /// Whether the connection it happened on must not be used again.
    pub(crate) fn is_broken_connection(&self) -> bool {
        self.0.nature == Nature::BrokenConnection
    }

    fn of_nature(mut self, nature: Nature) -> Self {
        self.0.nature = nature;
        self
    }

    /// The document that travels.
    #[must_use]
    pub fn problem(&self, request_id: String) -> Problem {
        Problem {
            kind: format!("urn:ringside:problem:{}", self.0.code.code()),
            title: self.0.code.title().to_owned(),
            status: self.0.code.status(),
            code: self.0.code,
            detail: self.0.detail.clone(),
            fields: self.0.fields.clone(),
            request_id,
            more: self.0.more.clone(),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.code())?;
        if let Some(detail) = &self.0.detail {
            write!(f, ": {detail}")?;
        }
        for fault in &self.0.fields {
            write!(f, "; {}: {}", fault.field, fault.message)?;
        }
        if let Some(cause) = &self.0.cause {
            write!(f, ": {cause:#}")?;
        }
        Ok(())
    }
}

// Its cause is part of its text, so `?` into anyhow keeps all of it.
impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if status.is_server_error() {
            tracing::error!(code = self.0.code.code(), error = %self, "request failed");
        }
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = self.0.more.get("retry_after").and_then(Value::as_u64) {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        let problem = self.problem(request::current_id());
        match serde_json::to_vec(&problem) {
            Ok(body) => response.body(body),
            Err(_) => response.finish(),
        }
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

/// Database constraints whose violation is a caller's fault, and what it is called.
const CONSTRAINTS: &[(&str, ErrorCode, &str)] = &[
    ("organisations_slug_key", ErrorCode::SlugTaken, "slug"),
    ("members_pkey", ErrorCode::AlreadyMember, "email"),
    ("passkeys_credential_key", ErrorCode::PasskeyKnown, "credential"),
    ("invitations_open_key", ErrorCode::AlreadyInvited, "email"),
    ("roles_name_key", ErrorCode::NameTaken, "name"),
    ("teams_name_key", ErrorCode::NameTaken, "name"),
    ("organisation_domains_key", ErrorCode::NameTaken, "domain"),
    ("organisation_domains_verified_key", ErrorCode::DomainTaken, "domain"),
    ("identity_providers_name_key", ErrorCode::NameTaken, "name"),
    ("identities_subject_key", ErrorCode::IdentityTaken, "provider"),
    ("message_templates_kind_key", ErrorCode::NameTaken, "kind"),
    ("template_versions_draft_key", ErrorCode::ChangedMeanwhile, "revision"),
    ("template_experiments_running_key", ErrorCode::WrongState, "template"),
    ("grants_same_key", ErrorCode::AlreadyGranted, "scope"),
    ("grants_member_fkey", ErrorCode::NotFound, "to"),
    ("grants_team_fkey", ErrorCode::NotFound, "to"),
    ("team_members_team_fkey", ErrorCode::NotFound, "team"),
    ("team_members_member_fkey", ErrorCode::NotFound, "member"),
    ("members_custom_role_fkey", ErrorCode::RoleInUse, "role"),
    ("grants_custom_role_fkey", ErrorCode::RoleInUse, "role"),
    ("invitations_custom_role_fkey", ErrorCode::RoleInUse, "role"),
    ("events_slug_key", ErrorCode::SlugTaken, "slug"),
    ("gates_name_key", ErrorCode::SlugTaken, "name"),
    ("standing_buckets_free_check", ErrorCode::PlacesGone, "zone"),
    ("tickets_live_seat_key", ErrorCode::SeatTaken, "seats"),
    ("payments_succeeded_key", ErrorCode::AlreadyPaid, "payment"),
    ("payment_callbacks_pkey", ErrorCode::CallbackReplayed, "id"),
    ("scans_admitted_key", ErrorCode::AlreadyAdmitted, "code"),
];

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        let DbError::DatabaseError(kind, information) = &error else {
            return match error {
                DbError::NotFound => Self::new(ErrorCode::NotFound),
                other => Self::internal(other),
            };
        };
        let known = information
            .constraint_name()
            .and_then(|name| CONSTRAINTS.iter().find(|(constraint, ..)| *constraint == name));
        if let Some((_, code, field)) = known {
            return Self::new(*code).field(*field, code.title()).caused_by(error);
        }
        if information.constraint_name() == Some("idempotency_keys_pkey") {
            return Self::internal(error).of_nature(Nature::TakenKey);
        }
        if let Some(why) = unfit(information.message()) {
            return Self::new(ErrorCode::InvalidFields).detail(why).caused_by(error);
        }
        let lost_race = matches!(kind, DatabaseErrorKind::SerializationFailure)
            || information.message() == "deadlock detected";
        let broken =
            matches!(kind, DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection)
                || information.message().contains("terminating connection");
        if lost_race {
            Self::new(ErrorCode::Unavailable).caused_by(error).of_nature(Nature::Retryable)
        } else if broken {
            Self::new(ErrorCode::Unavailable).caused_by(error).of_nature(Nature::BrokenConnection)
        } else {
            Self::internal(error)
        }
    }
}

/// A value that is right in JSON and that PostgreSQL cannot keep: the caller's to mend, not ours.
fn unfit(message: &str) -> Option<&'static str> {
    if message.starts_with("invalid byte sequence") || message == "unsupported Unicode escape sequence" {
        Some("Texts must not hold the character U+0000.")
    } else if message.ends_with("out of range") {
        Some("A number or an instant is too large or too small.")
    } else {
        None
    }
}

impl From<diesel_async::pooled_connection::deadpool::PoolError> for ApiError {
    fn from(error: diesel_async::pooled_connection::deadpool::PoolError) -> Self {
        Self::new(ErrorCode::Unavailable).caused_by(error)
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(other) => Self::internal(other),
        }
    }
}
