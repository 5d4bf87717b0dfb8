//! Where webhooks go, and below it what was sent.

use contract::{
    Page,
    webhooks::{NewWebhookSecret, WebhookEndpoint, WebhookEventType},
};
use domain::Permission;
use leptos::prelude::*;
use ui::{
    Fetched,
    api::staff,
    components::{Button, Empty, Glyph, Kind, Remote},
    fetched, session, tr,
};

use super::endpoint::Row;
use super::form::Form;
use super::log::Log;
use super::{Ways, may_manage};
use crate::pages::access::secret::{Secret, Shown};
use crate::shell::NotAllowed;

/// What the page is made of; its parts share it.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The endpoints.
    pub list: Fetched<Page<WebhookEndpoint>>,
    /// What they can listen to.
    pub types: Fetched<Vec<WebhookEventType>>,
    /// A new secret, until the person says they have it.
    pub shown: RwSignal<Option<Shown>>,
}

/// What is shown of a new secret.
pub fn shown_of(new: NewWebhookSecret) -> Shown {
    Shown { name: new.endpoint.url, id: None, secret: Some(new.secret) }
}

/// The page at `/console/webhooks`.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::WebhooksRead) fallback=|| view! { <NotAllowed/> }><Endpoints/></Show>
    }
}

#[component]
fn Endpoints() -> impl IntoView {
    let desk = Desk {
        list: fetched(session::organisation, |_| async { staff::webhooks::list().await }),
        types: fetched(session::organisation, |_| async { staff::webhooks::event_types().await }),
        shown: RwSignal::new(None),
    };
    let creating = RwSignal::new(false);
    view! {
        <header class="page-head">
            <div>
                <h1>{tr!("console.webhooks.title")}</h1>
                <p class="soft">{tr!("console.webhooks.text")}</p>
            </div>
            <Show when=may_manage>
                <Button kind=Kind::Primary disabled=Signal::derive(move || desk.types.with(|types| types.is_none()))
                    on_press=move |_| creating.set(true)>{tr!("console.webhooks.new")}</Button>
            </Show>
        </header>
        <Ways/>
        <Remote of=desk.list view=move |page| view! { <Table page desk/> }/>
        <Log desk/>
        <Show when=move || creating.get()><Form open=creating endpoint=None desk/></Show>
        {move || desk.shown.get().map(|of| view! { <Secret of shown=desk.shown/> })}
    }
}

#[component]
fn Table(page: Signal<Page<WebhookEndpoint>>, desk: Desk) -> impl IntoView {
    let rows =
        move || page.get().items.into_iter().map(|endpoint| view! { <Row endpoint desk/> }).collect_view();
    let none = || {
        view! {
            <Empty glyph=Glyph::Spark title=Signal::derive(tr!("console.webhooks.none"))>
                <p>{tr!("console.webhooks.none_text")}</p>
            </Empty>
        }
    };
    view! {
        <Show when=move || page.with(|page| !page.items.is_empty()) fallback=none>
            <ul class="hooks">{rows}</ul>
        </Show>
    }
}
