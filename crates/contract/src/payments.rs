//! Payments: each row is one attempt to pay an order.

use chrono::{DateTime, Utc};
use domain::{Money, state::PaymentState};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a payment is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// PromptPay: the buyer's banking app reads a QR.
    Promptpay,
}

/// Begins an attempt to pay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartPayment {
    /// How.
    #[garde(skip)]
    pub method: PaymentMethod,
}

/// One attempt to pay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Payment {
    /// The attempt.
    pub id: Uuid,
    /// Of which order.
    pub order_id: Uuid,
    /// How.
    pub method: PaymentMethod,
    /// Where in its life it is.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// The text of the PromptPay QR (EMVCo merchant-presented mode), while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promptpay: Option<String>,
    /// What the bank or the confirming person gave as reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When the money arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<DateTime<Utc>>,
}

/// A staff member saw the money arrive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmPayment {
    /// How much arrived; must be the amount due.
    #[garde(skip)]
    pub amount: Money,
    /// The bank's reference.
    #[garde(length(chars, min = 1, max = 80))]
    #[cfg_attr(feature = "utoipa", schema(example = "KB-20261120-0001"))]
    pub reference: String,
}

/// What the payment provider tells when money has arrived. Sent with
/// `Ringside-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaymentCallback {
    /// The provider's id of this message: each is accepted once.
    #[garde(length(min = 1, max = 100))]
    #[cfg_attr(feature = "utoipa", schema(example = "evt_000001"))]
    pub id: String,
    /// Our id of the attempt.
    #[garde(skip)]
    pub payment_id: Uuid,
    /// How much arrived; must be the amount due.
    #[garde(skip)]
    pub amount: Money,
    /// The bank's reference.
    #[garde(length(chars, min = 1, max = 80))]
    pub reference: String,
}
