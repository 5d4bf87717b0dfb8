//! One webhook: what was sent, each attempt, and what was answered.

use std::collections::BTreeMap;
use std::time::Duration;

use contract::webhooks::{WebhookAttempt, WebhookDeliveryLog, WebhookState};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use ui::{
    Fetched,
    api::{self, staff},
    browser,
    components::{Button, FailureNotice, Kind, Remote},
    fetched,
    format::{self, Style},
    t, tr,
};

use super::may_manage;
use crate::parts::{copy::CopyLine, drawer::Drawer, sending::Sending, words::State};

/// How soon a test that is on its way is looked at again.
const SOON: Duration = Duration::from_millis(700);

/// The drawer at `/console/webhooks/{webhook_delivery_id}`.
#[component]
pub fn WebhookDrawer() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("webhook_delivery_id").unwrap_or_default()));
    let log = fetched(move || id.get(), |id| async move { staff::webhooks::find(&id).await });
    let name = move || log.get().map_or_else(|| t!("console.nav.webhooks"), |log| log.delivery.event_type);
    // What was put on its way just now goes within a moment: it is shown as it goes.
    Effect::new(move |_| {
        let waits = log.with(|log| {
            log.as_ref().is_some_and(|log| {
                let next = log.delivery.next_attempt_at;
                log.delivery.state == WebhookState::Pending && next.is_some_and(|next| next <= browser::now())
            })
        });
        if waits {
            spawn_local(async move {
                browser::pause(SOON).await;
                log.refetch();
            });
        }
    });
    view! {
        <Drawer name=Signal::derive(name) back="/console/webhooks">
            <Remote of=log view={move |value: Signal<WebhookDeliveryLog>| view! { <Content log=value fetched=log/> }}/>
        </Drawer>
    }
}

#[component]
fn Content(log: Signal<WebhookDeliveryLog>, fetched: Fetched<WebhookDeliveryLog>) -> impl IntoView {
    let next = move || {
        let next = log.with(|log| log.delivery.next_attempt_at)?;
        Some(
            view! { <p class="soft">{t!("console.webhooks.next", at = format::here(next, Style::Full))}</p> },
        )
    };
    let payload = move || {
        let payload = log.with(|log| log.payload.clone());
        serde_json::to_string_pretty(&payload).unwrap_or_else(|_| payload.to_string())
    };
    let attempts = move || {
        let log = log.get();
        let many = log.log.len();
        let row = |(at, attempt): (usize, WebhookAttempt)| view! { <Attempt attempt number=many - at latest=at == 0/> };
        log.log.into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <p class="drawer-state">
            {move || view! { <State of=log.with(|log| log.delivery.state)/> }}
            <span class="soft">{move || format::here(log.with(|log| log.delivery.created_at), Style::Full)}</span>
        </p>
        {next}
        <Again log fetched/>
        {move || view! { <CopyLine label="webhook-id".to_owned() text=log.with(|log| log.delivery.webhook_id.clone())/> }}
        <h3>{tr!("console.webhooks.payload")}</h3>
        <pre class="hook-text">{payload}</pre>
        <h3>{tr!("console.webhooks.attempts")}</h3>
        <Show when=move || log.with(|log| log.log.is_empty())><p class="soft">{tr!("console.webhooks.no_attempt")}</p></Show>
        {attempts}
    }
}

#[component]
fn Again(log: Signal<WebhookDeliveryLog>, fetched: Fetched<WebhookDeliveryLog>) -> impl IntoView {
    let sending = Sending::new();
    let again = move |_| {
        let id = log.with_untracked(|log| log.delivery.id.to_string());
        let work = async move { staff::webhooks::replay(&id, &api::new_intent()).await };
        sending.send(work, move |_| fetched.refetch());
    };
    view! {
        <Show when=may_manage>
            <p><Button kind=Kind::Primary busy=sending.busy on_press=again>{tr!("console.webhooks.replay")}</Button></p>
        </Show>
        <FailureNotice failure=sending.failure/>
    }
}

#[component]
fn Attempt(attempt: WebhookAttempt, number: usize, latest: bool) -> impl IntoView {
    let answer = match (attempt.status, attempt.fault) {
        (Some(status), _) => status.to_string(),
        (None, Some(fault)) => t!(&format!("console.webhooks.faults.{}", fault.name())),
        (None, None) => String::new(),
    };
    let took = t!("console.webhooks.took", ms = format::number(attempt.duration_ms.into()));
    let answered = attempt.status.is_some().then(|| {
        view! {
            <h4>{tr!("console.webhooks.response")}</h4>
            <pre class="hook-text">{lines(&attempt.response_headers)}"\n\n"{attempt.response_body.clone()}</pre>
        }
    });
    view! {
        <details class="days hook-attempt" open=latest>
            <summary>
                {number}". "{format::here(attempt.started_at, Style::Full)}" · "<strong>{answer}</strong>" · "{took}
            </summary>
            <h4>{tr!("console.webhooks.request")}</h4>
            <pre class="hook-text">{lines(&attempt.request_headers)}"\n\nSHA-256 "{attempt.body_sha256.clone()}</pre>
            {answered}
        </details>
    }
}

fn lines(headers: &BTreeMap<String, String>) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}
