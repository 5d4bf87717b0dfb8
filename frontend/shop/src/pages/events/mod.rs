//! Fight nights.

mod detail;
mod list;

use contract::events::PublicEvent;
use domain::state::EventState;
use leptos::prelude::*;
use ui::components::{Badge, Tone};
use ui::t;

pub use detail::EventPage;
pub use list::Home;

/// Whether seats can be bought just now.
fn on_sale(event: &PublicEvent) -> bool {
    event.state == EventState::OnSale && !event.sold_out
}

/// Where the sale stands, when there is something to say beside its price.
fn sale_badge(event: &PublicEvent) -> Option<AnyView> {
    let (tone, key) = match event.state {
        EventState::OnSale if event.sold_out => (Tone::Warn, "event_state.sold_out"),
        EventState::OnSale => return None,
        EventState::Draft | EventState::Published => (Tone::Belt, "event_state.published"),
        EventState::Closed => (Tone::Plain, "event_state.closed"),
        EventState::Cancelled => (Tone::Stop, "event_state.cancelled"),
    };
    Some(view! { <Badge tone>{t!(key)}</Badge> }.into_any())
}
