//! All fight nights of the organisation.

use contract::events::Event;
use domain::{Permission, state::EventState};
use leptos::prelude::*;
use ui::{
    api::staff,
    components::{Empty, Glyph, Kind, LinkButton, Remote},
    format::{self, Style},
    session, tr,
};

use crate::parts::{
    listing::{Chips, Listing, More, Search, in_address, listing, travel_rows},
    words::{State, Stated, title},
};

/// The page at `/console/events`.
#[component]
pub fn EventList() -> impl IntoView {
    let (state, _) = in_address("state");
    let (q, _) = in_address("q");
    let events = listing(
        move || (session::organisation(), state.get(), q.get()),
        |(_, state, q), after| async move { staff::events::list(&state, &q, &after).await },
    );
    let states = EventState::ALL.iter().map(|state| (state.name().to_owned(), state.key())).collect();
    view! {
        <header class="page-head">
            <h1>{tr!("console.events.title")}</h1>
            <Show when=|| session::can(Permission::EventsManage)>
                <LinkButton href="/console/events/new" kind=Kind::Primary>{tr!("console.events.new")}</LinkButton>
            </Show>
        </header>
        <div class="filters">
            <Search label=Signal::derive(tr!("console.events.search"))/>
            <Chips name="state" options=states/>
        </div>
        <Remote of=events.first view={move |_| view! { <Table events/> }}/>
    }
}

#[component]
fn Table(events: Listing<Event>) -> impl IntoView {
    let rows = move || events.rows();
    view! {
        <Show when=move || !rows().is_empty() fallback=|| view! { <Nothing/> }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.events.event")}</th>
                            <th scope="col">{tr!("console.events.when")}</th>
                            <th scope="col">{tr!("console.events.state")}</th>
                            <th scope="col" class="number">{tr!("console.events.sold")}</th>
                            <th scope="col" class="number wide-only">{tr!("console.events.prices")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows().into_iter().map(|event| view! { <Row event/> }).collect_view()}</tbody>
                </table>
            </div>
            <More of=events/>
        </Show>
    }
}

#[component]
fn Row(event: Event) -> impl IntoView {
    let href = format!("/console/events/{}", event.id);
    let day = format::at(event.starts_at, &event.time_zone, Style::Full);
    let share = f64::from(event.sold) / f64::from(event.capacity.max(1));
    let amounts = event.prices.iter().map(|tier| tier.price);
    let low = amounts.clone().min_by_key(|price| price.amount);
    let high = amounts.max_by_key(|price| price.amount);
    let prices = low.zip(high).map(|(low, high)| {
        if low == high {
            format::money(low)
        } else {
            format!("{} – {}", format::money(low), format::money(high))
        }
    });
    view! {
        <tr>
            <td>
                <a class="row-link" href=href>{title(&event.texts)}</a>
                <span class="under">{event.venue_name}</span>
            </td>
            <td class="nowrap">{day}</td>
            <td><State of=event.state/></td>
            <td class="number">
                <span>{format::number(event.sold.into())}</span>
                <span class="of">{format!(" / {}", format::number(event.capacity.into()))}</span>
                <span class="bar" aria-hidden="true"><i style=("inline-size", format!("{:.1}%", share * 100.0))></i></span>
            </td>
            <td class="number wide-only">{prices.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <Empty glyph=Glyph::Calendar title=Signal::derive(tr!("console.events.none"))>
            <p>{tr!("console.events.none_hint")}</p>
        </Empty>
    }
}
