//! Orders: the sale.

use chrono::{DateTime, Utc};
use domain::{Locale, Money, state::OrderState};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    holds::{MOST_NAMED, Place, Standing},
    payments::{Payment, PaymentMethod},
    tickets::Ticket,
};

/// Who buys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Buyer {
    /// Where confirmation and tickets go.
    #[garde(email, length(max = 254))]
    #[cfg_attr(feature = "utoipa", schema(example = "fan@demo.ringside.example"))]
    pub email: String,
    /// The name on the order.
    #[garde(length(chars, min = 1, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Fan"))]
    pub name: String,
    /// A telephone number, if they like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(min = 6, max = 20), pattern(r"^\+?[0-9 ()-]+$")))]
    #[cfg_attr(feature = "utoipa", schema(example = "+66 2 000 0000"))]
    pub phone: Option<String>,
    /// The language of the mails.
    #[serde(default)]
    #[garde(skip)]
    pub locale: Locale,
}

/// The hold that becomes an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldRef {
    /// The hold.
    #[garde(skip)]
    pub id: Uuid,
    /// Its secret.
    #[garde(length(min = 1, max = 100))]
    pub secret: String,
}

/// Orders what a hold claims, or claims and orders in one call: give `hold`, or `event_id` with
/// `seats` and `standing`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// Turn this hold into an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub hold: Option<HoldRef>,
    /// Claim and order at this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub event_id: Option<Uuid>,
    /// Labels of seats: `R1-A-12`.
    #[serde(default)]
    #[garde(length(max = MOST_NAMED), inner(length(min = 5, max = 26)))]
    pub seats: Vec<String>,
    /// Standing places.
    #[serde(default)]
    #[garde(length(max = MOST_NAMED), dive)]
    pub standing: Vec<Standing>,
    /// Who buys.
    #[garde(dive)]
    pub buyer: Buyer,
    /// Begin to pay in the same call: the answer's `payment` is the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub pay_by: Option<PaymentMethod>,
    /// Versions of policies the buyer agrees to, as `list_policies` tells them; each must be in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 10))]
    pub accepted: Vec<Uuid>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Order {
    /// The order.
    pub id: Uuid,
    /// What a person quotes: `7KQ2-MX4D`.
    #[cfg_attr(feature = "utoipa", schema(example = "7KQ2-MX4D"))]
    pub reference: String,
    /// Of which event.
    pub event_id: Uuid,
    /// The event's title in the buyer's language.
    pub event_title: String,
    /// When the event begins.
    pub event_starts_at: DateTime<Utc>,
    /// Where in its life it is.
    pub state: OrderState,
    /// Who buys.
    pub buyer: Buyer,
    /// What is bought.
    pub places: Vec<Place>,
    /// What it costs in all, tax included.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Until when it must be paid; absent once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<DateTime<Utc>>,
    /// The latest attempt to pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// The tickets, once paid.
    #[serde(default)]
    pub tickets: Vec<Ticket>,
    /// Lets a guest read the order: given once, in the answer that placed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct OrderSummary {
    /// The order.
    pub id: Uuid,
    /// What a person quotes.
    pub reference: String,
    /// Of which event.
    pub event_id: Uuid,
    /// The event's title.
    pub event_title: String,
    /// Where in its life it is.
    pub state: OrderState,
    /// The buyer's name.
    pub buyer_name: String,
    /// The buyer's address.
    pub buyer_email: String,
    /// How many places.
    pub places: i32,
    /// What it costs in all.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<DateTime<Utc>>,
    /// The attempt to pay that waits, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_payment_id: Option<Uuid>,
}
