//! Tickets: the right to enter.

use chrono::{DateTime, Utc};
use domain::{Money, state::TicketState};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A ticket with its code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The ticket.
    pub id: Uuid,
    /// Of which order.
    pub order_id: Uuid,
    /// To which event.
    pub event_id: Uuid,
    /// The event's title.
    pub event_title: String,
    /// The venue's name.
    pub venue_name: String,
    /// The IANA name of the venue's time zone.
    pub time_zone: String,
    /// When the doors open.
    pub doors_at: DateTime<Utc>,
    /// When the first bout begins.
    pub starts_at: DateTime<Utc>,
    /// The zone's code.
    pub zone: String,
    /// The zone's name.
    pub zone_name: String,
    /// The seat's label; absent for a standing place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The price tier's name.
    pub tier: String,
    /// What was paid for it.
    pub price: Money,
    /// Where in its life it is.
    pub state: TicketState,
    /// What the QR holds; absent once revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// When its guest was admitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admitted_at: Option<DateTime<Utc>>,
}

/// Takes a ticket's right to enter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeTicket {
    /// Why; staff see it at the gate.
    #[garde(length(chars, min = 1, max = 120))]
    #[cfg_attr(feature = "utoipa", schema(example = "Reported stolen"))]
    pub reason: String,
}
