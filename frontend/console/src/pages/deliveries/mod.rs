//! Messages: what became of them, the list, one message in a drawer, and addresses that are written to no more.

mod add;
mod drawer;
mod figures;
mod list;
mod suppressions;

use contract::mail::SuppressionReason;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{components::Tone, tr};

pub use drawer::DeliveryDrawer;
pub use list::DeliveryList;
pub use suppressions::SuppressionsPage;

use crate::parts::words::Stated;

impl Stated for SuppressionReason {
    fn key(self) -> String {
        format!("console.suppressions.reasons.{}", self.name())
    }

    fn tone(self) -> Tone {
        match self {
            Self::Bounced => Tone::Warn,
            Self::Complained => Tone::Stop,
            Self::ByHand => Tone::Plain,
        }
    }
}

/// Messages, and addresses that get none: two pages of one area.
#[component]
pub fn Parts() -> impl IntoView {
    let path = use_location().pathname;
    let held = Memo::new(move |_| path.with(|path| path.starts_with("/console/deliveries/suppressions")));
    let current = move |here: bool| move || (held.get() == here).then_some("page");
    view! {
        <nav class="ways" aria-label=tr!("console.nav.deliveries")>
            <a href="/console/deliveries" aria-current=current(false)>{tr!("console.deliveries.title")}</a>
            <a href="/console/deliveries/suppressions" aria-current=current(true)>{tr!("console.suppressions.title")}</a>
        </nav>
    }
}
