//! One message that came.

use contract::inbound::InboundEventLog;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use ui::{
    Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Kind, Remote},
    fetched,
    format::{self, Style},
    t, tr,
};

use super::log::Outcome;
use crate::pages::webhooks::may_manage;
use crate::parts::{drawer::Drawer, sending::Sending};

/// The drawer at `/console/webhooks/inbound/{inbound_event_id}`.
#[component]
pub fn InboundDrawer() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("inbound_event_id").unwrap_or_default()));
    let log = fetched(move || id.get(), |id| async move { staff::inbound::find(&id).await });
    let name = move || {
        let known = log.get().and_then(|log| log.event.event_type);
        known.unwrap_or_else(|| t!("console.inbound.unread"))
    };
    view! {
        <Drawer name=Signal::derive(name) back="/console/webhooks/inbound">
            <Remote of=log view={move |value: Signal<InboundEventLog>| view! { <Content log=value fetched=log/> }}/>
        </Drawer>
    }
}

#[component]
fn Content(log: Signal<InboundEventLog>, fetched: Fetched<InboundEventLog>) -> impl IntoView {
    let facts = move || {
        let event = log.with(|log| log.event.clone());
        let fact = |name: &'static str, value: Option<String>| {
            value.map(|value| view! { <dt>{tr!(name)}</dt><dd>{value}</dd> })
        };
        view! {
            <dl class="facts">
                {fact("console.inbound.key", event.idempotency_key)}
                {fact("console.inbound.subject", event.subject)}
                {fact("console.inbound.replays", (event.replays > 0).then(|| format::number(event.replays.into())))}
            </dl>
        }
    };
    // Read by people: indented where it is JSON.
    let body = move || {
        let body = log.with(|log| log.body.clone());
        let read = serde_json::from_str::<serde_json::Value>(&body).ok();
        read.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or(body)
    };
    view! {
        <p class="drawer-state">
            {move || view! { <Outcome refused=log.with(|log| log.event.refused.clone())/> }}
            <span class="soft">{move || format::here(log.with(|log| log.event.received_at), Style::Full)}</span>
        </p>
        {facts}
        <Again log fetched/>
        <h3>{tr!("console.webhooks.payload")}</h3>
        <pre class="hook-text">{body}</pre>
        <p class="soft hook-digest">"SHA-256 "{move || log.with(|log| log.body_sha256.clone())}</p>
    }
}

#[component]
fn Again(log: Signal<InboundEventLog>, fetched: Fetched<InboundEventLog>) -> impl IntoView {
    let sending = Sending::new();
    let offered = move || may_manage() && log.with(|log| log.event.refused.is_none());
    let again = move |_| {
        let id = log.with_untracked(|log| log.event.id.to_string());
        let work = async move { staff::inbound::replay(&id, &api::new_intent()).await };
        sending.send(work, move |_| fetched.refetch());
    };
    view! {
        <Show when=offered>
            <p><Button kind=Kind::Primary busy=sending.busy on_press=again>{tr!("console.inbound.replay")}</Button></p>
        </Show>
        <FailureNotice failure=sending.failure/>
    }
}
