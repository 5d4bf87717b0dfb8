//! Who may tell us something, and below it what came.

use contract::{
    Page,
    inbound::{InboundSource, NewInboundSource},
};
use domain::Permission;
use leptos::prelude::*;
use ui::{
    Fetched,
    api::staff,
    components::{Button, Empty, Glyph, Kind, Remote},
    fetched, session, tr,
};

use super::form::Form;
use super::log::Log;
use super::source::Row;
use crate::pages::access::secret::{Secret, Shown};
use crate::pages::webhooks::{Ways, may_manage};
use crate::shell::NotAllowed;

/// What the page is made of; its parts share it.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The sources.
    pub list: Fetched<Page<InboundSource>>,
    /// A new secret, until the person says they have it.
    pub shown: RwSignal<Option<Shown>>,
}

/// What is shown of a new secret; nothing when it was given.
pub fn shown_of(new: NewInboundSource) -> Option<Shown> {
    let name = new.source.name;
    new.secret.map(|secret| Shown { name, id: None, secret: Some(secret) })
}

/// The page at `/console/webhooks/inbound`.
#[component]
pub fn InboundPage() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::WebhooksRead) fallback=|| view! { <NotAllowed/> }><Sources/></Show>
    }
}

#[component]
fn Sources() -> impl IntoView {
    let list = fetched(session::organisation, |_| async { staff::inbound::list().await });
    let desk = Desk { list, shown: RwSignal::new(None) };
    let creating = RwSignal::new(false);
    view! {
        <header class="page-head">
            <div>
                <h1>{tr!("console.inbound.title")}</h1>
                <p class="soft">{tr!("console.inbound.text")}</p>
            </div>
            <Show when=may_manage>
                <Button kind=Kind::Primary on_press=move |_| creating.set(true)>{tr!("console.inbound.new")}</Button>
            </Show>
        </header>
        <Ways/>
        <Remote of=list view=move |page| view! { <Rows page desk/> }/>
        <Log desk/>
        <Show when=move || creating.get()><Form open=creating source=None desk/></Show>
        {move || desk.shown.get().map(|of| view! { <Secret of shown=desk.shown/> })}
    }
}

#[component]
fn Rows(page: Signal<Page<InboundSource>>, desk: Desk) -> impl IntoView {
    let rows = move || page.get().items.into_iter().map(|source| view! { <Row source desk/> }).collect_view();
    let none = || {
        view! {
            <Empty glyph=Glyph::Download title=Signal::derive(tr!("console.inbound.none"))>
                <p>{tr!("console.inbound.none_text")}</p>
            </Empty>
        }
    };
    view! {
        <Show when=move || page.with(|page| !page.items.is_empty()) fallback=none>
            <ul class="hooks">{rows}</ul>
        </Show>
    }
}
