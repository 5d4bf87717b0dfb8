//! Sets up a venue.

use contract::venues::CreateVenue;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use ui::{
    Failure,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Glyph, Icon, Kind, Toggle},
    tr,
};

/// The page at `/console/venues/new`.
#[component]
pub fn VenueNew() -> impl IntoView {
    let (name, address) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (zone, open) = (RwSignal::new("Asia/Bangkok".to_owned()), RwSignal::new(true));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let navigate = use_navigate();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let venue = CreateVenue {
            name: name.get_untracked().trim().to_owned(),
            address: address.get_untracked().trim().to_owned(),
            time_zone: zone.get_untracked().trim().to_owned(),
            open_to_promoters: open.get_untracked(),
        };
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = staff::venues::create(&venue, &api::new_intent()).await;
            busy.try_set(false);
            match answer {
                Ok(venue) => {
                    navigate(&format!("/console/venues/{}/import", venue.id), NavigateOptions::default())
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let error = move |name: &'static str| {
        Signal::derive(move || failure.get().and_then(|failure| failure.field(name)))
    };
    view! {
        <nav class="crumbs"><a href="/console/venues"><Icon glyph=Glyph::ArrowLeft/>{tr!("console.venues.title")}</a></nav>
        <h1>{tr!("console.venues.new")}</h1>
        <form class="panel narrow-form" on:submit=send novalidate>
            <FailureNotice failure/>
            <Field label=Signal::derive(tr!("console.venues.name")) value=name name="name" required=true error=error("name")/>
            <Field label=Signal::derive(tr!("console.venues.address")) value=address name="address" required=true error=error("address")/>
            <Field label=Signal::derive(tr!("console.venues.zone")) value=zone name="time_zone" required=true error=error("time_zone")
                hint=Signal::derive(tr!("console.venues.zone_hint"))/>
            <Toggle label=Signal::derive(tr!("console.venues.open_to_promoters")) value=open/>
            <p><Button kind=Kind::Primary busy=busy>{tr!("console.venues.create")}</Button></p>
        </form>
    }
}
