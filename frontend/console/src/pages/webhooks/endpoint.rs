//! One endpoint, and what can be done with it.

use contract::webhooks::{WebhookDisabledReason, WebhookEndpoint};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use ui::{
    Failure,
    api::{self, staff},
    components::{Badge, Button, FailureNotice, Kind, Notice, Tone},
    format::{self, Style},
    t, tr,
};

use super::endpoints::{Desk, shown_of};
use super::form::Form;
use super::may_manage;
use super::replay::Replay;
use crate::pages::access::{programs::Opens, rotate::Rotate};
use crate::parts::sure::Sure;

/// A row of the list.
#[component]
pub fn Row(endpoint: WebhookEndpoint, desk: Desk) -> impl IntoView {
    let (tone, word) = match (endpoint.enabled, endpoint.failing_since) {
        (false, _) => (Tone::Stop, "console.webhooks.off"),
        (true, Some(_)) => (Tone::Warn, "console.webhooks.failing"),
        (true, None) => (Tone::Ok, "console.webhooks.on"),
    };
    let why = endpoint.disabled_reason.and_then(|reason| match reason {
        WebhookDisabledReason::ByHand => None,
        WebhookDisabledReason::Gone => Some("console.webhooks.gone"),
        WebhookDisabledReason::Failing => Some("console.webhooks.failed"),
    });
    let old_secret = endpoint.old_secret_until.map(|until| {
        view! { <p class="soft">{t!("console.webhooks.overlap", until = format::here(until, Style::Full))}</p> }
    });
    view! {
        <li class="panel hook">
            <div class="hook-head">
                <strong class="hook-url">{endpoint.url.clone()}</strong>
                <Badge tone>{tr!(word)}</Badge>
            </div>
            {(!endpoint.description.is_empty()).then(|| view! { <p>{endpoint.description.clone()}</p> })}
            <p class="soft hook-types">{endpoint.event_types.join(", ")}</p>
            {old_secret}
            {why.map(|word| view! { <Notice tone=Tone::Stop>{tr!(word)}</Notice> })}
            <Show when=may_manage>{let endpoint = endpoint.clone(); move || view! { <Deeds endpoint=endpoint.clone() desk/> }}</Show>
        </li>
    }
}

#[component]
fn Deeds(endpoint: WebhookEndpoint, desk: Desk) -> impl IntoView {
    let [editing, rotating, replaying, deleting] = [(); 4].map(|()| RwSignal::new(false));
    let (id, url) = (StoredValue::new(endpoint.id.to_string()), StoredValue::new(endpoint.url.clone()));
    let enabled = endpoint.enabled;
    let stored = StoredValue::new(endpoint);
    let rotate = move |wish, intent: String| async move {
        staff::webhooks::rotate(&id.get_value(), &wish, &intent).await.map(shown_of)
    };
    let delete = move || async move { staff::webhooks::delete(&id.get_value()).await };
    view! {
        <div class="hook-deeds">
            {enabled.then(|| view! { <Test id=id.get_value()/> })}
            <Opens open=editing word="console.webhooks.edit"/>
            <Opens open=rotating word="console.webhooks.rotate"/>
            {enabled.then(|| view! { <Opens open=replaying word="console.webhooks.replay_range"/> })}
            <Opens open=deleting word="console.webhooks.delete"/>
        </div>
        <Show when=move || editing.get()><Form open=editing endpoint=Some(stored.get_value()) desk/></Show>
        <Show when=move || replaying.get()><Replay open=replaying id=id.get_value()/></Show>
        <Show when=move || rotating.get()>
            <Rotate open=rotating title=t!("console.webhooks.rotate_title") text=t!("console.webhooks.rotate_text")
                deed=rotate shown=desk.shown done=move |()| desk.list.refetch()/>
        </Show>
        <Show when=move || deleting.get()>
            <Sure open=deleting title=t!("console.webhooks.delete_title", url = url.get_value())
                text=t!("console.webhooks.delete_text") word=t!("console.webhooks.delete") deed=delete
                done=move |()| desk.list.refetch()/>
        </Show>
    }
}

/// Sends a test and shows how it goes.
#[component]
fn Test(id: String) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let navigate = use_navigate();
    let test = move |_| {
        busy.set(true);
        let (id, navigate) = (id.clone(), navigate.clone());
        spawn_local(async move {
            let answer = staff::webhooks::test(&id, &api::new_intent()).await;
            busy.try_set(false);
            match answer {
                Ok(sent) => navigate(&format!("/console/webhooks/{}", sent.id), Default::default()),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <Button kind=Kind::Quiet class="button-small" busy on_press=test>{tr!("console.webhooks.test")}</Button>
        <FailureNotice failure/>
    }
}
