//! What webhooks tell. One table: the names, what each means, and what travels with it. The list of event types,
//! the documentation and the payloads come from here.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! about {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
            pub struct $name { $($(#[$field_doc])* pub $field: Uuid),+ }

            impl $name {
                /// One as it stands in the documentation.
                #[must_use]
                pub const fn sample() -> Self { Self { $($field: SAMPLE_ID),+ } }
            }
        )+
    };
}

/// Stands for any id in the documentation.
const SAMPLE_ID: Uuid = Uuid::from_u128(0x0193_6b2e_1c00_7abc_8def_0123_4567_89ab);

about! {
    /// About an event.
    AboutEvent {
        /// The event.
        event_id,
    }
    /// About an order.
    AboutOrder {
        /// The order.
        order_id,
        /// The event it is for.
        event_id,
    }
    /// About a payment.
    AboutPayment {
        /// The payment.
        payment_id,
        /// The order it was for.
        order_id,
    }
    /// About a ticket.
    AboutTicket {
        /// The ticket.
        ticket_id,
        /// The event it is for.
        event_id,
    }
    /// About a guest who was admitted.
    AboutAdmission {
        /// The ticket.
        ticket_id,
        /// The event.
        event_id,
        /// The gate.
        gate_id,
    }
    /// About something another system told us.
    AboutInbound {
        /// The entry in the log of what was received.
        inbound_event_id,
        /// By which source.
        source_id,
    }
    /// A test.
    AboutTest {
        /// The endpoint that is tested.
        endpoint_id,
    }
}

/// An event type as the documentation shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Documented {
    /// Its name: `order.paid`.
    pub name: &'static str,
    /// When it is sent.
    pub description: &'static str,
    /// The name of the schema of its `data`.
    pub schema: &'static str,
    /// One of it.
    pub sample: WebhookEvent,
}

macro_rules! events {
    ($($variant:ident($about:ident) = $name:literal, $description:literal;)+) => {
        /// One thing that has happened, as a webhook tells it: ids only. Whoever wants more asks the API, and sees
        /// what is true then.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", content = "data")]
        pub enum WebhookEvent {
            $(#[doc = $description] #[serde(rename = $name)] $variant($about)),+
        }

        impl WebhookEvent {
            /// Its name: `order.paid`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// All of them, as the documentation shows them.
            #[must_use]
            pub fn documented() -> Vec<Documented> {
                vec![$(Documented {
                    name: $name,
                    description: $description,
                    schema: stringify!($about),
                    sample: Self::$variant($about::sample()),
                }),+]
            }
        }
    };
}

events! {
    EventChanged(AboutEvent) = "event.changed", "An event changed its state, texts, prices or map.";
    AvailabilityChanged(AboutEvent) = "availability.changed", "Seats or standing places became free, held or sold. Frequent during a sale.";
    OrderPlaced(AboutOrder) = "order.placed", "A buyer placed an order; its seats are held.";
    OrderPaid(AboutOrder) = "order.paid", "An order is paid and its tickets are issued.";
    OrderExpired(AboutOrder) = "order.expired", "An order was not paid in time.";
    OrderCancelled(AboutOrder) = "order.cancelled", "An order was cancelled by its buyer or by staff.";
    PaymentToRefund(AboutPayment) = "payment.to_refund", "Money arrived for seats that are gone; it must go back.";
    TicketAdmitted(AboutAdmission) = "ticket.admitted", "A guest was admitted.";
    TicketRevoked(AboutTicket) = "ticket.revoked", "A ticket no longer admits.";
    InboundReceived(AboutInbound) = "inbound.received", "Another system told us something, by an inbound webhook.";
    Test(AboutTest) = "webhook.test", "A test that somebody asked for. It is sent whatever an endpoint listens to.";
}

impl WebhookEvent {
    /// What an endpoint can listen to: all but the test.
    #[must_use]
    pub fn subscribable() -> Vec<Documented> {
        let mut all = Self::documented();
        all.retain(|event| !matches!(event.sample, Self::Test(_)));
        all
    }
}

/// The body of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookPayload {
    /// `type` and `data`.
    #[serde(flatten)]
    pub event: WebhookEvent,
    /// When it was told.
    pub timestamp: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_has_type_timestamp_and_data() {
        let event = WebhookEvent::OrderPaid(AboutOrder::sample());
        let payload = WebhookPayload { event, timestamp: DateTime::UNIX_EPOCH };
        let value = serde_json::to_value(&payload).unwrap();
        assert_eq!(
            value,
            serde_json::json!({
                "type": "order.paid", "timestamp": "1970-01-01T00:00:00Z",
                "data": {"order_id": SAMPLE_ID, "event_id": SAMPLE_ID},
            })
        );
        assert_eq!(serde_json::from_value::<WebhookPayload>(value).unwrap(), payload);
    }

    #[test]
    fn the_table_and_the_names_agree() {
        for event in WebhookEvent::documented() {
            assert_eq!(event.sample.name(), event.name);
            assert_eq!(serde_json::to_value(&event.sample).unwrap()["type"], event.name);
        }
        assert_eq!(WebhookEvent::subscribable().len() + 1, WebhookEvent::documented().len());
    }
}
