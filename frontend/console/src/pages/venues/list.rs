//! Venues the organisation may use.

use contract::{Page, venues::Venue};
use domain::Permission;
use leptos::prelude::*;
use ui::{
    api::staff,
    components::{Empty, Glyph, Kind, LinkButton, Remote},
    fetched, format, session, t, tr,
};

use crate::parts::listing::travel_rows;

/// The page at `/console/venues`.
#[component]
pub fn VenueList() -> impl IntoView {
    let venues = fetched(session::organisation, |_| async { staff::venues::list().await });
    view! {
        <header class="page-head">
            <h1>{tr!("console.venues.title")}</h1>
            <Show when=|| session::can(Permission::VenuesManage)>
                <LinkButton href="/console/venues/new" kind=Kind::Primary>{tr!("console.venues.new")}</LinkButton>
            </Show>
        </header>
        <Remote of=venues view={move |page: Signal<Page<Venue>>| view! { <Table page/> }}/>
    }
}

#[component]
fn Table(page: Signal<Page<Venue>>) -> impl IntoView {
    view! {
        <Show when=move || !page.get().items.is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Pin title=Signal::derive(tr!("console.venues.none"))>
                <p>{tr!("console.venues.none_hint")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.venues.venue")}</th>
                            <th scope="col">{tr!("console.venues.whose")}</th>
                            <th scope="col" class="number">{tr!("console.venues.seats")}</th>
                            <th scope="col" class="number">{tr!("console.venues.standing")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || page.get().items.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </Show>
    }
}

fn row(venue: Venue) -> impl IntoView {
    let whose = match (venue.own, venue.open_to_promoters) {
        (true, true) => "console.venues.own_open",
        (true, false) => "console.venues.own",
        (false, _) => "console.venues.open",
    };
    let figures = |count: fn(&contract::venues::SeatMapSummary) -> i32| {
        venue.seat_map.as_ref().map_or_else(|| "–".to_owned(), |map| format::number(count(map).into()))
    };
    let (seats, standing) = (figures(|map| map.seats), figures(|map| map.standing));
    view! {
        <tr>
            <td>
                <a class="row-link" href=format!("/console/venues/{}", venue.id)>{venue.name}</a>
                <span class="under">{venue.address}</span>
            </td>
            <td>{t!(whose)}</td>
            <td class="number">{seats}</td>
            <td class="number">{standing}</td>
        </tr>
    }
}
