//! Inbound webhooks: what other systems tell us, and whom we believe.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignatureEncoding {
    /// Hexadecimal digits.
    Hex,
    /// Base64 with padding.
    Base64,
}

/// How a message proves where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InboundSignature {
    /// By the headers of Standard Webhooks; not older than five minutes.
    StandardWebhooks,
    /// By HMAC-SHA256 over the body, in a header.
    Hmac {
        /// The header: `x-demo-signature`.
        header: String,
        /// How the signature is written in it.
        encoding: SignatureEncoding,
        /// What stands before it: `sha256=`.
        #[serde(default)]
        prefix: String,
    },
    /// By the secret itself: `Authorization: Bearer …`.
    Bearer,
}

/// Where in a message what we need stands, by JSON pointers (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InboundMapping {
    /// What is the same when a message is sent again. None: the header `webhook-id`, or else the whole body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    #[cfg_attr(feature = "utoipa", schema(example = "/id"))]
    pub idempotency_key: Option<String>,
    /// What kind of message it is.
    #[garde(length(chars, min = 1, max = 200))]
    #[cfg_attr(feature = "utoipa", schema(example = "/type"))]
    pub event_type: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    #[cfg_attr(feature = "utoipa", schema(example = "/data/order/reference"))]
    pub subject: Option<String>,
}

/// Another system that may tell us something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct InboundSource {
    /// The source.
    pub id: Uuid,
    /// What it is called.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo ledger"))]
    pub name: String,
    /// Where it sends to.
    #[cfg_attr(feature = "utoipa", schema(example = "https://ringside.example/api/v1/inbound/…"))]
    pub url: String,
    /// How it proves who it is.
    pub signature: InboundSignature,
    /// Where what we need stands.
    pub mapping: InboundMapping,
    /// Whether anything is taken from it.
    pub enabled: bool,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
}

/// A source with its secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct NewInboundSource {
    /// The source.
    pub source: InboundSource,
    /// What the other system signs with; none when it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// Sets a source up, or changes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteInboundSource {
    /// What it is called.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo ledger"))]
    pub name: String,
    /// How it proves who it is.
    #[garde(skip)]
    pub signature: InboundSignature,
    /// Where what we need stands.
    #[garde(dive)]
    pub mapping: InboundMapping,
    /// The secret the other system signs with, where it makes one itself. None: a new source gets one, an old one
    /// keeps its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 16, max = 500)))]
    pub secret: Option<String>,
    /// Whether anything is taken from it.
    #[serde(default = "yes")]
    #[garde(skip)]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

/// What a source is answered; the same when it sends the same again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct InboundReceipt {
    /// The entry in the log.
    pub id: Uuid,
}

/// Something a source sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct InboundEvent {
    /// The entry.
    pub id: Uuid,
    /// Who sent it.
    pub source_id: Uuid,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The code of the refusal; none for what was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = "bad_signature"))]
    pub refused: Option<String>,
    /// What kind of message it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = "invoice.settled"))]
    pub event_type: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What tells a repeated message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// How often it was taken in again.
    pub replays: i32,
}

/// Something a source sent, with its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct InboundEventLog {
    /// The entry.
    #[serde(flatten)]
    pub event: InboundEvent,
    /// What was sent; of what was refused the first 4 KiB.
    pub body: String,
    /// SHA-256 of the whole body, in hexadecimal digits.
    pub body_sha256: String,
}
