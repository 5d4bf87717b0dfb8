//! Imports a seat map: a file is dropped, read without keeping it, shown with its errors by line or
//! as a drawing, and only then kept.

use contract::{FieldError, venues::SeatMapImport};
use domain::seat_map::{SeatMap, import_csv, import_json};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use ui::{
    Failure,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Glyph, Icon, Kind},
    format, t, tr,
};
use web_sys::{DragEvent, File};

use crate::parts::{file::text_of, map_preview::MapPreview};

/// A file that was chosen.
#[derive(Clone, PartialEq)]
struct Chosen {
    name: String,
    media_type: &'static str,
    text: String,
}

/// What reading it without keeping it gave.
type Trial = Result<SeatMapImport, Failure>;

/// The page at `/console/venues/{venue_id}/import`.
#[component]
pub fn VenueImport() -> impl IntoView {
    let params = use_params_map();
    let venue = Memo::new(move |_| params.with(|params| params.get("venue_id").unwrap_or_default()));
    let chosen = RwSignal::new(None::<Chosen>);
    let trial = RwSignal::new(None::<Trial>);
    let name = RwSignal::new(String::new());
    let take = Callback::new(move |file: Chosen| {
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        name.set(stem.replace(['-', '_'], " "));
        trial.set(None);
        chosen.set(Some(file.clone()));
        spawn_local(async move {
            let id = venue.get_untracked();
            let name = name.get_untracked();
            let answer =
                staff::venues::import(&id, file.media_type, &name, file.text, true, &api::new_intent()).await;
            trial.try_set(Some(answer));
        });
    });
    view! {
        <nav class="crumbs">
            <a href=move || format!("/console/venues/{}", venue.get())><Icon glyph=Glyph::ArrowLeft/>{tr!("console.venues.back")}</a>
        </nav>
        <h1>{tr!("console.venues.import")}</h1>
        <DropZone take/>
        <div aria-live="polite">
            {move || match (chosen.get(), trial.get()) {
                (Some(_), None) => view! { <p class="soft">{t!("console.venues.reading")}</p> }.into_any(),
                (Some(file), Some(Ok(found))) => view! { <Good venue file found name/> }.into_any(),
                (Some(file), Some(Err(failure))) => view! { <Bad file=file.name failure/> }.into_any(),
                (None, _) => ().into_any(),
            }}
        </div>
    }
}

#[component]
fn DropZone(take: Callback<Chosen>) -> impl IntoView {
    let over = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    let read = move |file: Option<File>| {
        let Some(file) = file else { return };
        spawn_local(async move {
            match text_of(&file).await {
                Ok(text) => {
                    trouble.try_set(None);
                    let name = file.name();
                    let json = name.to_lowercase().ends_with(".json");
                    let media_type = if json { "application/json" } else { "text/csv" };
                    take.run(Chosen { name, media_type, text });
                }
                Err(_) => {
                    trouble.try_set(Some(t!("console.venues.unreadable")));
                }
            }
        });
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        read(event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)));
    };
    let change = move |_| read(input.get().and_then(|input| input.files()).and_then(|files| files.get(0)));
    view! {
        <label class="drop-zone" class:drop-over=move || over.get()
            on:dragover=move |event: DragEvent| { event.prevent_default(); over.set(true) }
            on:dragleave=move |_| over.set(false)
            on:drop=drop>
            <Icon glyph=Glyph::Map/>
            <span class="drop-title">{tr!("console.venues.drop")}</span>
            <span class="soft">{tr!("console.venues.drop_hint")}</span>
            <input class="unseen" type="file" accept=".csv,.json,text/csv,application/json" node_ref=input on:change=change/>
        </label>
        <p class="field-error" role="alert">{move || trouble.get()}</p>
    }
}

/// The same code that the server reads it with, for the drawing.
fn drawn(file: &Chosen) -> Option<SeatMap> {
    let read = if file.media_type == "text/csv" { import_csv(&file.text) } else { import_json(&file.text) };
    read.ok()
}

#[component]
fn Good(venue: Memo<String>, file: Chosen, found: SeatMapImport, name: RwSignal<String>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let intent = api::new_intent();
    let navigate = use_navigate();
    let map = drawn(&file);
    let keep = move |_| {
        busy.set(true);
        let (file, intent, navigate) = (file.clone(), intent.clone(), navigate.clone());
        spawn_local(async move {
            let id = venue.get_untracked();
            let name = name.get_untracked();
            let answer = staff::venues::import(&id, file.media_type, &name, file.text, false, &intent).await;
            busy.try_set(false);
            match answer {
                Ok(_) => navigate(&format!("/console/venues/{id}"), NavigateOptions::default()),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let figures = t!(
        "console.venues.found",
        seats = format::number(found.seats.into()),
        standing = format::number(found.standing.into()),
        zones = format::number(found.zones.len() as i64)
    );
    view! {
        <section class="panel import-good">
            <h2>{tr!("console.venues.good")}</h2>
            <p>{figures}</p>
            <FailureNotice failure/>
            <div class="inline-form">
                <Field label=Signal::derive(tr!("console.venues.map_name")) value=name name="map_name" required=true/>
                <Button kind=Kind::Primary busy=busy on_press=keep>{tr!("console.venues.keep")}</Button>
            </div>
            {map.map(|map| view! { <figure class="map-figure"><MapPreview label=t!("console.venues.map") map/></figure> })}
        </section>
    }
}

#[component]
fn Bad(file: String, failure: Failure) -> impl IntoView {
    let errors: Vec<FieldError> = match &failure {
        Failure::Refused(problem) => problem.fields.clone(),
        Failure::Offline | Failure::Unreadable(_) => Vec::new(),
    };
    let row = |error: FieldError| {
        view! { <tr><th scope="row" class="nowrap code">{error.field}</th><td>{error.message}</td></tr> }
    };
    let count = errors.len();
    view! {
        <section class="panel import-bad">
            <h2>{if count == 0 { failure.text() } else { t!("console.venues.bad", file = file, count = count) }}</h2>
            <table class="table table-plain"><tbody>{errors.into_iter().map(row).collect_view()}</tbody></table>
        </section>
    }
}
