//! One message to read, as its reader gets it.

use contract::deliveries::{Attachment, Delivery, DeliveryState};
use domain::Permission;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Glyph, Icon, Kind, Notice, Remote, Tone},
    fetched,
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{channel::Way, download, drawer::Drawer, letter::dress, words::State};

/// The drawer at `/console/deliveries/{delivery_id}`.
#[component]
pub fn DeliveryDrawer() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("delivery_id").unwrap_or_default()));
    let delivery = fetched(move || id.get(), |id| async move { staff::deliveries::find(&id).await });
    let name =
        move || delivery.get().map_or_else(|| t!("console.deliveries.message"), |one| one.summary.subject);
    view! {
        <Drawer name=Signal::derive(name) back="/console/deliveries">
            <Remote of=delivery view={move |value: Signal<Delivery>| view! { <Content delivery=value fetched=delivery/> }}/>
        </Drawer>
    }
}

#[component]
fn Content(delivery: Signal<Delivery>, fetched: Fetched<Delivery>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let files = move || {
        let delivery = delivery.get();
        let id = delivery.summary.id.to_string();
        let file = |file: Attachment| view! { <File delivery=id.clone() file failure/> };
        delivery.attachments.into_iter().map(file).collect_view()
    };
    // Only mail has a page; the rest is text.
    let has_page = move || delivery.with(|delivery| !delivery.html.is_empty());
    let trouble = move || delivery.get().summary.last_error;
    view! {
        <p class="drawer-state">
            {move || view! { <State of=delivery.get().summary.state/> }}
            <span class="soft">{move || format::here(delivery.get().summary.created_at, Style::Full)}</span>
        </p>
        <dl class="facts">
            <dt>{tr!("console.deliveries.way")}</dt><dd>{move || view! { <Way channel=delivery.get().summary.channel/> }}</dd>
            <dt>{tr!("console.deliveries.to")}</dt><dd>{move || delivery.get().summary.to}</dd>
            {move || delivery.get().summary.due_at.map(|at| view! {
                <dt>{tr!("console.deliveries.waits_until")}</dt><dd>{format::here(at, Style::Full)}</dd>
            })}
        </dl>
        {move || trouble().map(|text| view! { <Notice tone=Tone::Stop>{text}</Notice> })}
        <Retry delivery fetched failure/>
        <FailureNotice failure/>
        <ul class="attachments">{files}</ul>
        <Show when=has_page fallback=move || view! { <Said delivery/> }>
            // Without `allow-scripts` a letter can do nothing but be read; its styles are set from here.
            <iframe class="letter" sandbox="allow-same-origin" on:load=|event| dress(&event, false) title=tr!("console.deliveries.letter") srcdoc=move || delivery.get().html></iframe>
            <details class="days">
                <summary>{tr!("console.deliveries.plain")}</summary>
                <pre class="letter-plain">{move || delivery.get().text}</pre>
            </details>
        </Show>
    }
}

/// What is said by a way without pages.
#[component]
fn Said(delivery: Signal<Delivery>) -> impl IntoView {
    view! {
        <pre class="letter-plain">{move || delivery.get().text}</pre>
        {move || delivery.get().link.map(|link| view! { <p><code>{link}</code></p> })}
    }
}

#[component]
fn Retry(
    delivery: Signal<Delivery>,
    fetched: Fetched<Delivery>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let offered = move || {
        delivery.get().summary.state == DeliveryState::Failed && session::can(Permission::DeliveriesManage)
    };
    let retry = move |_| {
        busy.set(true);
        let id = delivery.get_untracked().summary.id.to_string();
        spawn_local(async move {
            let answer = staff::deliveries::retry(&id, &api::new_intent()).await;
            busy.try_set(false);
            match answer {
                Ok(delivery) => fetched.set(delivery),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <Show when=offered>
            <p><Button kind=Kind::Primary busy=busy on_press=retry>{tr!("console.deliveries.retry")}</Button></p>
        </Show>
    }
}

#[component]
fn File(delivery: String, file: Attachment, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let size = format::number(i64::from(file.size).div_euclid(1024).max(1));
    let name = file.name.clone();
    let save = move |_| {
        let (delivery, file) = (delivery.clone(), file.clone());
        spawn_local(async move {
            let answer = staff::deliveries::attachment(&delivery, &file.id.to_string()).await;
            let answer = answer.and_then(|bytes| download::save(&bytes, &file.media_type, &file.name));
            failure.try_set(answer.err());
        });
    };
    view! {
        <li>
            <button type="button" class="attachment" on:click=save>
                <Icon glyph=Glyph::Download/>
                <span>{name}</span>
                <span class="soft">{format!("{size} KB")}</span>
            </button>
        </li>
    }
}
