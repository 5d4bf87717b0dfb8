//! Webhooks: where they go, what was sent, and one of them in a drawer.

mod drawer;
mod endpoint;
mod endpoints;
mod form;
mod log;
mod replay;

use contract::webhooks::WebhookState;
use domain::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{components::Tone, session, tr};

pub use drawer::WebhookDrawer;
pub use endpoints::WebhooksPage;

use crate::parts::words::Stated;

impl Stated for WebhookState {
    fn key(self) -> String {
        format!("console.webhooks.states.{}", self.name())
    }

    fn tone(self) -> Tone {
        match self {
            Self::Pending => Tone::Warn,
            Self::Delivered => Tone::Ok,
            Self::Failed => Tone::Stop,
        }
    }
}

/// Whether the person may change something here. Tracks.
pub fn may_manage() -> bool {
    session::can(Permission::WebhooksManage)
}

/// Out, or in: two pages of one area.
#[component]
pub fn Ways() -> impl IntoView {
    let path = use_location().pathname;
    let inwards = Memo::new(move |_| path.with(|path| path.starts_with("/console/webhooks/inbound")));
    let current = move |here: bool| move || (inwards.get() == here).then_some("page");
    view! {
        <nav class="ways" aria-label=tr!("console.nav.webhooks")>
            <a href="/console/webhooks" aria-current=current(false)>{tr!("console.webhooks.out")}</a>
            <a href="/console/webhooks/inbound" aria-current=current(true)>{tr!("console.webhooks.in")}</a>
        </nav>
    }
}
