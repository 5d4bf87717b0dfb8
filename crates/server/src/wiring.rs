//! How one area reacts to another. This is the only place.

use domain::Fact;
use platform::jobs::{Registry, Told};

/// All jobs, timers and reactions.
#[must_use]
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    accounts::jobs(&mut registry);
    ticketing::jobs(&mut registry);
    messaging::jobs(&mut registry);
    registry.live(topics);
    registry
}

/// Which live topics a fact is told under.
fn topics(told: &Told) -> Vec<String> {
    match &told.fact {
        Fact::EventChanged { event_id } | Fact::AvailabilityChanged { event_id } => {
            vec![format!("event:{event_id}")]
        }
        Fact::OrderPlaced { order_id, event_id }
        | Fact::OrderPaid { order_id, event_id }
        | Fact::OrderExpired { order_id, event_id }
        | Fact::OrderCancelled { order_id, event_id } => {
            vec![format!("order:{order_id}"), format!("sales:{event_id}"), format!("event:{event_id}")]
        }
        Fact::PaymentToRefund { order_id, .. } => vec![format!("order:{order_id}")],
        Fact::TicketAdmitted { event_id, .. } | Fact::TicketRevoked { event_id, .. } => {
            vec![format!("sales:{event_id}")]
        }
    }
}
