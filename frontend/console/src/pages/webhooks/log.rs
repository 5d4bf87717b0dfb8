//! What was sent, newest first.

use contract::webhooks::{WebhookDelivery, WebhookState};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{
    api::staff,
    components::{Button, Chip, Empty, Glyph, Remote},
    format::{self, Style},
    session, t, tr,
};

use super::endpoints::Desk;
use crate::parts::{
    listing::{Chips, Listing, More, in_address, listing, query_string, travel_rows},
    words::{State, Stated},
};

#[component]
pub fn Log(desk: Desk) -> impl IntoView {
    let (state, _) = in_address("state");
    let (endpoint, choose) = in_address("endpoint");
    let sent = listing(
        move || (session::organisation(), endpoint.get(), state.get()),
        |(_, endpoint, state), after| async move { staff::webhooks::sent(&endpoint, &state, &after).await },
    );
    let states = [WebhookState::Pending, WebhookState::Delivered, WebhookState::Failed];
    let states = states.into_iter().map(|state| (state.name().to_owned(), state.key())).collect();
    let url = move |id: &str| {
        let page = desk.list.get()?;
        page.items.into_iter().find(|endpoint| endpoint.id.to_string() == id).map(|endpoint| endpoint.url)
    };
    let narrowed = move || {
        let id = endpoint.get();
        let text = (!id.is_empty()).then(|| url(&id).unwrap_or(id))?;
        Some(view! { <Chip on=true on_press=move |()| choose.run(String::new())>{text}" ×"</Chip> })
    };
    view! {
        <section class="hook-log">
            <header class="page-head">
                <h2>{tr!("console.webhooks.log")}</h2>
                <Button on_press=move |_| sent.first.refetch() busy=Signal::derive(move || sent.first.loading())>
                    {tr!("console.deliveries.look_again")}
                </Button>
            </header>
            <div class="filters"><Chips name="state" options=states/>{narrowed}</div>
            <Remote of=sent.first view=move |_| view! { <Table sent/> }/>
        </section>
    }
}

#[component]
fn Table(sent: Listing<WebhookDelivery>) -> impl IntoView {
    let query = query_string();
    let path = use_location().pathname;
    let row = move |delivery: WebhookDelivery| {
        let address = format!("/console/webhooks/{}", delivery.id);
        let chosen = {
            let address = address.clone();
            move || path.with(|path| *path == address)
        };
        view! {
            <tr class:chosen=chosen>
                <td>
                    <a class="row-link" href=move || format!("{address}{}", query.get())>{delivery.event_type.clone()}</a>
                    <span class="under">{format::here(delivery.created_at, Style::Full)}</span>
                </td>
                <td><State of=delivery.state/></td>
                <td class="wide-only">{last_answer(&delivery)}</td>
                <td class="number wide-only">{format::number(delivery.attempts.into())}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !sent.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Mail title=Signal::derive(tr!("console.webhooks.log_none"))>
                <p>{tr!("console.webhooks.log_none_text")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.webhooks.event_type")}</th>
                            <th scope="col">{tr!("console.webhooks.state")}</th>
                            <th scope="col" class="wide-only">{tr!("console.webhooks.answer")}</th>
                            <th scope="col" class="number wide-only">{tr!("console.webhooks.attempts")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || sent.rows().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <More of=sent/>
        </Show>
    }
}

/// The last attempt in few words: `500`, or why there was no answer.
pub fn last_answer(delivery: &WebhookDelivery) -> String {
    match (delivery.last_status, delivery.last_fault) {
        (Some(status), _) => status.to_string(),
        (None, Some(fault)) => t!(&format!("console.webhooks.faults.{}", fault.name())),
        (None, None) => String::new(),
    }
}
