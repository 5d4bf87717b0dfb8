//! Webhooks: what an organisation's own systems are told, and how it went.
//!
//! They follow Standard Webhooks 1.0 (<https://www.standardwebhooks.com>): headers `webhook-id`,
//! `webhook-timestamp` and `webhook-signature`, secrets that begin with `whsec_`.

pub mod events;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use events::{WebhookEvent, WebhookPayload};

/// Something an endpoint can listen to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct WebhookEventType {
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(example = "order.paid"))]
    pub name: String,
    /// When it is sent.
    pub description: String,
}

/// Why an endpoint is sent nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WebhookDisabledReason {
    /// Somebody switched it off.
    ByHand,
    /// It answered `410 Gone`.
    Gone,
    /// It failed for five days.
    Failing,
}

impl WebhookDisabledReason {
    /// The stable name: `by_hand`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByHand => "by_hand",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::ByHand, Self::Gone, Self::Failing].into_iter().find(|reason| reason.name() == name)
    }
}

/// Where webhooks go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct WebhookEndpoint {
    /// The endpoint.
    pub id: Uuid,
    /// The address that is asked by POST.
    #[cfg_attr(feature = "utoipa", schema(example = "https://hooks.demo.example/ringside"))]
    pub url: String,
    /// What it is for.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo accounting"))]
    pub description: String,
    /// What it listens to.
    #[cfg_attr(feature = "utoipa", schema(example = json!(["order.paid", "order.cancelled"])))]
    pub event_types: Vec<String>,
    /// Whether it is sent anything.
    pub enabled: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<WebhookDisabledReason>,
    /// Since when not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<DateTime<Utc>>,
    /// Since when everything it was sent has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when webhooks are signed with the secret before the present one as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret_until: Option<DateTime<Utc>>,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
}

/// An endpoint with its secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct NewWebhookSecret {
    /// The endpoint.
    pub endpoint: WebhookEndpoint,
    /// With this the receiver verifies what comes.
    #[cfg_attr(feature = "utoipa", schema(example = "whsec_…"))]
    pub secret: String,
}

/// Sets an endpoint up, or changes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteWebhookEndpoint {
    /// The address that is asked by POST: https, and of the public internet.
    #[garde(length(chars, min = 1, max = 2000))]
    #[cfg_attr(feature = "utoipa", schema(example = "https://hooks.demo.example/ringside"))]
    pub url: String,
    /// What it is for.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo accounting"))]
    pub description: String,
    /// What it listens to, at least one.
    #[garde(length(min = 1, max = 50), inner(length(max = 60)))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["order.paid", "order.cancelled"])))]
    pub event_types: Vec<String>,
    /// Whether it is sent anything.
    #[serde(default = "yes")]
    #[garde(skip)]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

/// Where a webhook on its way stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// It is to be sent, or sent again.
    Pending,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

impl WebhookState {
    /// The stable name: `pending`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Delivered, Self::Failed].into_iter().find(|state| state.name() == name)
    }
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WebhookFault {
    /// The receiver answered otherwise than by 2xx.
    Refused,
    /// No connection, or one that broke.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// The address leads into a private network.
    AddressNotAllowed,
    /// The endpoint was switched off before.
    EndpointDisabled,
}

impl WebhookFault {
    const ALL: [Self; 5] =
        [Self::Refused, Self::Unreachable, Self::TimedOut, Self::AddressNotAllowed, Self::EndpointDisabled];

    /// The stable name: `timed_out`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::EndpointDisabled => "endpoint_disabled",
        }
    }

    /// The fault of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

/// One webhook on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct WebhookDelivery {
    /// The delivery.
    pub id: Uuid,
    /// What travels as `webhook-id`; the same however often it is sent.
    #[cfg_attr(feature = "utoipa", schema(example = "msg_01936b2e1c007abc8def0123456789ab"))]
    pub webhook_id: String,
    /// Where it goes.
    pub endpoint_id: Uuid,
    /// What it tells.
    #[cfg_attr(feature = "utoipa", schema(example = "order.paid"))]
    pub event_type: String,
    /// Where it stands.
    pub state: WebhookState,
    /// How often it was tried.
    pub attempts: i32,
    /// What the last attempt was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = 200))]
    pub last_status: Option<i32>,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_fault: Option<WebhookFault>,
    /// When it was told.
    pub created_at: DateTime<Utc>,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<DateTime<Utc>>,
}

/// One attempt to send a webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct WebhookAttempt {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i32,
    /// The headers that were sent.
    pub request_headers: BTreeMap<String, String>,
    /// SHA-256 of the body that was sent, in hexadecimal digits.
    pub body_sha256: String,
    /// What it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
    /// The headers of the answer.
    pub response_headers: BTreeMap<String, String>,
    /// The answer, its first 16 KiB.
    pub response_body: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<WebhookFault>,
}

/// A webhook with what is sent and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct WebhookDeliveryLog {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: WebhookDelivery,
    /// The body.
    pub payload: Value,
    /// Each attempt, the latest first.
    pub log: Vec<WebhookAttempt>,
}

/// Sends again what an endpoint was sent in a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplayWebhooks {
    /// From when on.
    #[garde(skip)]
    pub from: DateTime<Utc>,
    /// Until when; the moment itself is outside.
    #[garde(skip)]
    pub to: DateTime<Utc>,
    /// Only those in this state: `failed` or `delivered`; both when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub state: Option<WebhookState>,
}

/// How many are sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ReplayedWebhooks {
    /// How many.
    pub count: usize,
}
