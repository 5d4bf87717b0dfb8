//! What has happened, told once. A fact is written in the transaction that made it true; areas react
//! to each other's facts in `server/src/wiring.rs` and nowhere else.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One thing that has happened. Ids only: whoever reacts reads what is true when it reacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// An event changed its state or its texts, prices or map.
    EventChanged {
        /// Which event.
        event_id: Uuid,
    },
    /// Seats or standing places of an event became free, held or sold.
    AvailabilityChanged {
        /// Which event.
        event_id: Uuid,
    },
    /// A buyer placed an order; its seats are held.
    OrderPlaced {
        /// Which order.
        order_id: Uuid,
        /// Of which event.
        event_id: Uuid,
    },
    /// An order is paid and its tickets are issued.
    OrderPaid {
        /// Which order.
        order_id: Uuid,
        /// Of which event.
        event_id: Uuid,
    },
    /// An order ended without being paid in time.
    OrderExpired {
        /// Which order.
        order_id: Uuid,
        /// Of which event.
        event_id: Uuid,
    },
    /// An order was cancelled by its buyer or by staff.
    OrderCancelled {
        /// Which order.
        order_id: Uuid,
        /// Of which event.
        event_id: Uuid,
    },
    /// Money arrived for seats that are gone; it must go back.
    PaymentToRefund {
        /// Which payment.
        payment_id: Uuid,
        /// Of which order.
        order_id: Uuid,
    },
    /// A guest was admitted.
    TicketAdmitted {
        /// Which ticket.
        ticket_id: Uuid,
        /// To which event.
        event_id: Uuid,
        /// At which gate.
        gate_id: Uuid,
    },
    /// Somebody tries to get in by force.
    ThreatFound {
        /// Which attempt.
        threat_id: Uuid,
    },
    /// A receiver of webhooks is sent nothing more.
    WebhookDisabled {
        /// Which endpoint.
        endpoint_id: Uuid,
    },
    /// Another system told us something.
    InboundReceived {
        /// The entry in the log of what was received.
        inbound_event_id: Uuid,
        /// By which source.
        source_id: Uuid,
    },
    /// What a person was told changed: something new, or read meanwhile.
    NoticesChanged {
        /// Whose notices.
        user_id: Uuid,
    },
    /// An organisation tells those who work for it something.
    AnnouncementMade {
        /// Which announcement.
        announcement_id: Uuid,
    },
    /// More of them have been told.
    AnnouncementMoved {
        /// Which announcement.
        announcement_id: Uuid,
    },
    /// A ticket no longer admits.
    TicketRevoked {
        /// Which ticket.
        ticket_id: Uuid,
        /// To which event.
        event_id: Uuid,
    },
}

impl Fact {
    /// The stable name, as in the JSON field `fact`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EventChanged { .. } => "event_changed",
            Self::AvailabilityChanged { .. } => "availability_changed",
            Self::OrderPlaced { .. } => "order_placed",
            Self::OrderPaid { .. } => "order_paid",
            Self::OrderExpired { .. } => "order_expired",
            Self::OrderCancelled { .. } => "order_cancelled",
            Self::PaymentToRefund { .. } => "payment_to_refund",
            Self::TicketAdmitted { .. } => "ticket_admitted",
            Self::TicketRevoked { .. } => "ticket_revoked",
            Self::ThreatFound { .. } => "threat_found",
            Self::WebhookDisabled { .. } => "webhook_disabled",
            Self::InboundReceived { .. } => "inbound_received",
            Self::NoticesChanged { .. } => "notices_changed",
            Self::AnnouncementMade { .. } => "announcement_made",
            Self::AnnouncementMoved { .. } => "announcement_moved",
        }
    }
}
