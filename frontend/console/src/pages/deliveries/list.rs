//! All messages of the organisation, sent, waiting, kept or given up.

use contract::channels::Channel;
use contract::deliveries::{DeliveryState, DeliverySummary};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{
    api::staff,
    components::{Button, Empty, Glyph, Remote},
    format::{self, Style},
    session, t, tr,
};

use super::{Parts, figures::Numbers};
use crate::parts::{
    channel::{self, Way},
    listing::{Chips, Listing, More, Search, in_address, listing, query_string, travel_rows},
    words::{State, Stated, delivery_state},
};

/// The page at `/console/deliveries`; the drawer lies over it.
#[component]
pub fn DeliveryList() -> impl IntoView {
    let (state, _) = in_address("state");
    let (channel, _) = in_address("channel");
    let (q, _) = in_address("q");
    let deliveries = listing(
        move || (session::organisation(), state.get(), channel.get(), q.get()),
        |(_, state, channel, q), after| async move { staff::deliveries::list(&state, &channel, &q, &after).await },
    );
    let states =
        DeliveryState::ALL.into_iter().map(|state| (delivery_state(state).to_owned(), state.key())).collect();
    view! {
        <header class="page-head">
            <h1>{tr!("console.deliveries.title")}</h1>
            <Button on_press=move |_| deliveries.first.refetch() busy=Signal::derive(move || deliveries.first.loading())>
                {tr!("console.deliveries.look_again")}
            </Button>
        </header>
        <Parts/>
        <Numbers/>
        <div class="filters">
            <Search label=Signal::derive(tr!("console.deliveries.search"))/>
            <Chips name="state" options=states/>
            <ChannelFilter/>
        </div>
        <Remote of=deliveries.first view={move |_| view! { <Table deliveries/> }}/>
    }
}

/// Shows those of one way only.
#[component]
fn ChannelFilter() -> impl IntoView {
    let (value, set) = in_address("channel");
    let options = move || {
        let option = |way: &Channel| {
            let (name, chosen) = (way.name(), value.with(|value| value == way.name()));
            view! { <option value=name selected=chosen>{t!(&channel::key(*way))}</option> }
        };
        Channel::ALL.iter().map(option).collect_view()
    };
    view! {
        <label class="way-filter">
            <span class="unseen">{tr!("console.deliveries.way")}</span>
            <select class="field-input" on:change=move |event| set.run(event_target_value(&event))>
                <option value="" selected=move || value.with(String::is_empty)>{tr!("console.deliveries.all_ways")}</option>
                {options}
            </select>
        </label>
    }
}

#[component]
fn Table(deliveries: Listing<DeliverySummary>) -> impl IntoView {
    let query = query_string();
    let path = use_location().pathname;
    let row = move |delivery: DeliverySummary| {
        let address = format!("/console/deliveries/{}", delivery.id);
        let chosen = {
            let address = address.clone();
            move || path.with(|path| *path == address)
        };
        view! {
            <tr class:chosen=chosen>
                <td>
                    <a class="row-link" href=move || format!("{address}{}", query.get())>{delivery.subject}</a>
                    <span class="under"><Way channel=delivery.channel/>" "{delivery.to}</span>
                </td>
                <td><State of=delivery.state/></td>
                <td class="wide-only" lang=delivery.locale.code()>{delivery.locale.endonym()}</td>
                <td class="number wide-only">{format::number(delivery.attempts.into())}</td>
                <td class="wide-only nowrap">{format::here(delivery.created_at, Style::Full)}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !deliveries.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Mail title=Signal::derive(tr!("console.deliveries.none"))>
                <p>{tr!("console.deliveries.none_hint")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.deliveries.message")}</th>
                            <th scope="col">{tr!("console.deliveries.state")}</th>
                            <th scope="col" class="wide-only">{tr!("console.deliveries.language")}</th>
                            <th scope="col" class="number wide-only">{tr!("console.deliveries.tries")}</th>
                            <th scope="col" class="wide-only">{tr!("console.deliveries.written")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || deliveries.rows().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <More of=deliveries/>
        </Show>
    }
}
