//! One venue: its map to look at, its zones in figures, its gates.

use contract::{
    Page,
    venues::{SeatMapSummary, Venue},
};
use domain::{Permission, seat_map::SeatMap};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use ui::{
    api::staff,
    components::{Empty, Glyph, Icon, Kind, LinkButton, Remote},
    fetched,
    format::{self, Style},
    session, t, tr,
};

use super::gates::Gates;
use crate::parts::map_preview::MapPreview;

/// The page at `/console/venues/{venue_id}`.
#[component]
pub fn VenueDetail() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("venue_id").unwrap_or_default()));
    let venue = fetched(
        move || (session::organisation(), id.get()),
        |(_, id)| async move { staff::venues::find(&id).await },
    );
    view! {
        <nav class="crumbs"><a href="/console/venues"><Icon glyph=Glyph::ArrowLeft/>{tr!("console.venues.title")}</a></nav>
        <Remote of=venue view={move |venue: Signal<Venue>| view! { <Content venue/> }}/>
    }
}

#[component]
fn Content(venue: Signal<Venue>) -> impl IntoView {
    let own = move || venue.get().own && session::can_somewhere(Permission::VenuesManage);
    let import = Signal::derive(move || format!("/console/venues/{}/import", venue.get().id));
    view! {
        <header class="page-head">
            <div>
                <h1>{move || venue.get().name}</h1>
                <p class="soft">{move || format!("{} · {}", venue.get().address, venue.get().time_zone)}</p>
            </div>
            <Show when=own>
                <LinkButton href=import kind=Kind::Primary>{tr!("console.venues.import")}</LinkButton>
            </Show>
        </header>
        {move || match venue.get().seat_map {
            Some(map) => view! { <Map map/> }.into_any(),
            None => view! {
                <Empty glyph=Glyph::Map title=Signal::derive(tr!("console.venues.no_map"))>
                    <p>{tr!("console.venues.no_map_hint")}</p>
                </Empty>
            }
            .into_any(),
        }}
        <div class="columns">
            <Gates venue/>
            <Maps venue/>
        </div>
    }
}

#[component]
fn Map(map: SeatMapSummary) -> impl IntoView {
    let id = map.id.to_string();
    let drawn = fetched(move || id.clone(), |id| async move { staff::venues::seat_map(&id).await });
    view! {
        <div class="venue-map">
            <figure class="panel map-figure">
                <Remote of=drawn view={move |map: Signal<SeatMap>| move || {
                    view! { <MapPreview label=t!("console.venues.map") map=map.get()/> }
                }}/>
            </figure>
            <ZoneTable map/>
        </div>
    }
}

/// The zones of a map in figures.
#[component]
pub fn ZoneTable(map: SeatMapSummary) -> impl IntoView {
    let row = |zone: contract::venues::ZoneSummary| {
        let kind = if zone.standing { t!("console.venues.standing") } else { t!("console.venues.seats") };
        view! {
            <tr>
                <th scope="row"><span class="code">{zone.code}</span>" "{zone.name}</th>
                <td class="soft">{kind}</td>
                <td class="number">{format::number(zone.places.into())}</td>
            </tr>
        }
    };
    view! {
        <section class="panel">
            <h2>{map.name.clone()}</h2>
            <p class="soft">
                {t!("console.venues.map_figures", seats = format::number(map.seats.into()), standing = format::number(map.standing.into()))}
            </p>
            <div class="scroll-box" tabindex="0" role="region" aria-label=t!("console.figures.zones")>
                <table class="table table-plain"><tbody>{map.zones.into_iter().map(row).collect_view()}</tbody></table>
            </div>
        </section>
    }
}

/// Earlier maps: they stay, because events were sold on them.
#[component]
fn Maps(venue: Signal<Venue>) -> impl IntoView {
    let maps = fetched(
        move || venue.get().id.to_string(),
        |venue| async move { staff::venues::seat_maps(&venue).await },
    );
    let row = |map: SeatMapSummary| {
        view! {
            <tr>
                <th scope="row">{map.name}</th>
                <td class="soft">{format::here(map.created_at, Style::Full)}</td>
                <td class="number">{format::number(i64::from(map.seats + map.standing))}</td>
            </tr>
        }
    };
    view! {
        <section class="panel">
            <h2>{tr!("console.venues.maps")}</h2>
            <Remote of=maps view={move |page: Signal<Page<SeatMapSummary>>| view! {
                <table class="table table-plain">
                    <tbody>{move || page.get().items.into_iter().map(row).collect_view()}</tbody>
                </table>
            }}/>
        </section>
    }
}
