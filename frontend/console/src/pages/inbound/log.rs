//! What came, newest first.

use contract::inbound::InboundEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{
    api::staff,
    components::{Badge, Button, Empty, Glyph, Remote, Tone},
    format::{self, Style},
    session, t, tr,
};

use super::sources::Desk;
use crate::parts::listing::{Chips, Listing, More, in_address, listing, query_string, travel_rows};

#[component]
pub fn Log(desk: Desk) -> impl IntoView {
    let (refused, _) = in_address("refused");
    let events = listing(
        move || (session::organisation(), refused.get()),
        |(_, refused), after| async move { staff::inbound::received(&refused, &after).await },
    );
    let options = [("false", "console.inbound.taken"), ("true", "console.inbound.refused")]
        .map(|(value, key)| (value.to_owned(), key.to_owned()))
        .to_vec();
    view! {
        <section class="hook-log">
            <header class="page-head">
                <h2>{tr!("console.inbound.log")}</h2>
                <Button on_press=move |_| events.first.refetch() busy=Signal::derive(move || events.first.loading())>
                    {tr!("console.deliveries.look_again")}
                </Button>
            </header>
            <div class="filters"><Chips name="refused" options/></div>
            <Remote of=events.first view=move |_| view! { <Table events desk/> }/>
        </section>
    }
}

/// Whether it was taken, or why not.
#[component]
pub fn Outcome(refused: Option<String>) -> impl IntoView {
    match refused {
        None => view! { <Badge tone=Tone::Ok>{tr!("console.inbound.taken")}</Badge> }.into_any(),
        Some(code) => {
            let why = move || t!(&format!("errors.{code}"));
            view! { <Badge tone=Tone::Stop>{tr!("console.inbound.refused")}</Badge>" "<span class="soft">{why}</span> }
                .into_any()
        }
    }
}

#[component]
fn Table(events: Listing<InboundEvent>, desk: Desk) -> impl IntoView {
    let query = query_string();
    let path = use_location().pathname;
    let name = move |id: uuid::Uuid| {
        let page = desk.list.get();
        page.and_then(|page| page.items.into_iter().find(|source| source.id == id)).map(|source| source.name)
    };
    let row = move |event: InboundEvent| {
        let address = format!("/console/webhooks/inbound/{}", event.id);
        let chosen = {
            let address = address.clone();
            move || path.with(|path| *path == address)
        };
        let what = event.event_type.clone();
        view! {
            <tr class:chosen=chosen>
                <td>
                    <a class="row-link" href=move || format!("{address}{}", query.get())>
                        {move || what.clone().unwrap_or_else(|| t!("console.inbound.unread"))}
                    </a>
                    <span class="under">{move || name(event.source_id)}" · "{format::here(event.received_at, Style::Full)}</span>
                </td>
                <td><Outcome refused=event.refused/></td>
                <td class="wide-only">{event.subject}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !events.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Mail title=Signal::derive(tr!("console.inbound.log_none"))>
                <p>{tr!("console.inbound.log_none_text")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.inbound.message")}</th>
                            <th scope="col">{tr!("console.inbound.outcome")}</th>
                            <th scope="col" class="wide-only">{tr!("console.inbound.subject")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || events.rows().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <More of=events/>
        </Show>
    }
}
