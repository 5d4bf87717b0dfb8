//! Words for things that have no name of their own.

use std::collections::BTreeMap;

use contract::{deliveries::DeliveryState, events::EventText, threats::ThreatState};
use domain::{
    Role,
    state::{EventState, OrderState, PaymentState, TicketState},
};
use leptos::prelude::*;
use ui::{
    components::{Badge, Tone},
    i18n, t,
};

/// An event's title in the reader's language, else in English, else in any.
pub fn title(texts: &BTreeMap<String, EventText>) -> String {
    let text = texts.get(i18n::locale().code()).or_else(|| texts.get("en")).or_else(|| texts.values().next());
    text.map(|text| text.title.clone()).unwrap_or_default()
}

/// What a role is called.
pub fn role(role: Role) -> String {
    t!(&format!("role.{}", role.name()))
}

/// What has a state that people read.
pub trait Stated: Copy + Send + Sync + 'static {
    /// The key of its word.
    fn key(self) -> String;
    /// How it looks.
    fn tone(self) -> Tone;
}

impl Stated for EventState {
    fn key(self) -> String {
        format!("event_state.{}", self.name())
    }

    fn tone(self) -> Tone {
        match self {
            Self::Draft | Self::Closed => Tone::Plain,
            Self::Published => Tone::Belt,
            Self::OnSale => Tone::Ok,
            Self::Cancelled => Tone::Stop,
        }
    }
}

impl Stated for OrderState {
    fn key(self) -> String {
        format!("order_state.{}", self.name())
    }

    fn tone(self) -> Tone {
        match self {
            Self::Pending => Tone::Warn,
            Self::Paid => Tone::Ok,
            Self::Expired => Tone::Plain,
            Self::Cancelled => Tone::Stop,
        }
    }
}

impl Stated for PaymentState {
    fn key(self) -> String {
        format!("payment_state.{}", self.name())
    }

    fn tone(self) -> Tone {
        match self {
            Self::Pending | Self::ToRefund => Tone::Warn,
            Self::Succeeded => Tone::Ok,
            Self::Failed => Tone::Stop,
        }
    }
}

impl Stated for TicketState {
    fn key(self) -> String {
        format!("ticket_state.{}", self.name())
    }

    fn tone(self) -> Tone {
        match self {
            Self::Valid => Tone::Plain,
            Self::Admitted => Tone::Ok,
            Self::Revoked => Tone::Stop,
        }
    }
}

/// The name a delivery's state has in addresses and keys.
pub const fn delivery_state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Queued => "queued",
        DeliveryState::Sent => "sent",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Kept => "kept",
        DeliveryState::Failed => "failed",
        DeliveryState::Returned => "returned",
        DeliveryState::Complained => "complained",
        DeliveryState::Suppressed => "suppressed",
    }
}

impl Stated for DeliveryState {
    fn key(self) -> String {
        format!("console.delivery_state.{}", delivery_state(self))
    }

    fn tone(self) -> Tone {
        match self {
            Self::Queued => Tone::Warn,
            Self::Sent | Self::Delivered => Tone::Ok,
            Self::Kept | Self::Suppressed => Tone::Plain,
            Self::Failed | Self::Returned | Self::Complained => Tone::Stop,
        }
    }
}

impl Stated for ThreatState {
    fn key(self) -> String {
        let name = match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
        };
        format!("console.threats.states.{name}")
    }

    fn tone(self) -> Tone {
        match self {
            Self::Open => Tone::Stop,
            Self::Acknowledged => Tone::Plain,
        }
    }
}

/// A state: its sign and its word.
#[component]
pub fn State<S: Stated>(of: S) -> impl IntoView {
    view! { <Badge tone=of.tone()>{move || t!(&of.key())}</Badge> }
}
