//! Where the scanner stands: the event and the gate, remembered on this device.

use chrono::Duration;
use contract::{Page, events::Event, venues::Gate};
use domain::state::EventState;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use ui::{
    api::staff,
    browser,
    components::Remote,
    fetched,
    format::{self, Style},
    session, t, tr,
};
use uuid::Uuid;

use crate::{
    parts::{select::Select, words::title},
    shell::OrganisationSwitch,
};

const KEPT: &str = "ringside.scanner";
/// So long after its end an event is still offered.
const OVER: Duration = Duration::hours(6);

/// An event and a gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// The event.
    pub event_id: Uuid,
    /// What it is called.
    pub event: String,
    /// The venue's time zone.
    pub time_zone: String,
    /// The gate.
    pub gate_id: Uuid,
    /// What its sign says.
    pub gate: String,
    /// Zones it leads to; empty for all.
    pub zones: Vec<String>,
}

impl Post {
    /// The post this device stood at last.
    pub fn remembered() -> Option<Self> {
        serde_json::from_str(&browser::kept(KEPT)?).ok()
    }

    fn remember(&self) {
        if let Ok(text) = serde_json::to_string(self) {
            browser::keep(KEPT, Some(&text));
        }
    }
}

/// Chooses event and gate.
#[component]
pub fn ChoosePost(chosen: Callback<Post>) -> impl IntoView {
    let events = fetched(session::organisation, |_| async { staff::events::list("", "", "").await });
    view! {
        <main class="scan-setup" id="main">
            <h1>{tr!("console.scan.title")}</h1>
            <p class="soft">{tr!("console.scan.choose")}</p>
            <OrganisationSwitch/>
            <Remote
                of=events
                view={move |page: Signal<Page<Event>>| move || {
                    view! { <ChooseEvent events=admitting(page.get().items) chosen=chosen/> }
                }}
            />
        </main>
    }
}

/// Events that may have guests at the door, the soonest first.
fn admitting(events: Vec<Event>) -> Vec<Event> {
    let over = browser::now() - OVER;
    let admits = |event: &Event| {
        matches!(event.state, EventState::OnSale | EventState::Closed) && event.ends_at > over
    };
    let mut events: Vec<_> = events.into_iter().filter(admits).collect();
    events.sort_by_key(|event| event.starts_at);
    events
}

#[component]
fn ChooseEvent(events: Vec<Event>, chosen: Callback<Post>) -> impl IntoView {
    if events.is_empty() {
        return view! { <p class="empty">{tr!("console.scan.no_events")}</p> }.into_any();
    }
    let before = Post::remembered();
    let first =
        before.as_ref().map(|post| post.event_id).filter(|id| events.iter().any(|event| event.id == *id));
    let event_id = RwSignal::new(first.unwrap_or(events[0].id).to_string());
    let options = events
        .iter()
        .map(|event| {
            let day = format::at(event.starts_at, &event.time_zone, Style::ShortDate);
            (event.id.to_string(), std::format!("{} · {day}", title(&event.texts)))
        })
        .collect::<Vec<_>>();
    let events = StoredValue::new(events);
    let event = Memo::new(move |_| {
        let id = event_id.get();
        events.with_value(|events| events.iter().find(|event| event.id.to_string() == id).cloned())
    });
    view! {
        <Select label=t!("console.scan.event") value=event_id options=options/>
        {move || event.get().map(|event| view! { <ChooseGate event=event chosen=chosen/> })}
    }
    .into_any()
}

#[component]
fn ChooseGate(event: Event, chosen: Callback<Post>) -> impl IntoView {
    let venue = event.venue_id.to_string();
    let gates = fetched(move || venue.clone(), |venue| async move { staff::venues::gates(&venue).await });
    let post = move |gate: &Gate| Post {
        event_id: event.id,
        event: title(&event.texts),
        time_zone: event.time_zone.clone(),
        gate_id: gate.id,
        gate: gate.name.clone(),
        zones: gate.zones.clone(),
    };
    let post = StoredValue::new(post);
    let choose = move |gate: Gate| {
        let post = post.with_value(|post| post(&gate));
        post.remember();
        chosen.run(post);
    };
    view! {
        <h2 class="label">{tr!("console.scan.gate")}</h2>
        <Remote
            of=gates
            view={move |page: Signal<Page<Gate>>| move || {
                let page = page.get();
                if page.items.is_empty() {
                    return view! { <p class="empty">{tr!("console.scan.no_gates")}</p> }.into_any();
                }
                let gates = page.items.into_iter().map(|gate| view! {
                    <li><button type="button" class="scan-gate" on:click={let gate = gate.clone(); move |_| choose(gate.clone())}>
                        <span class="scan-gate-name">{gate.name.clone()}</span>
                        <span class="soft">{zones(&gate.zones)}</span>
                    </button></li>
                });
                view! { <ul class="scan-gates">{gates.collect_view()}</ul> }.into_any()
            }}
        />
    }
}

/// The zones a gate leads to, in words.
pub fn zones(codes: &[String]) -> String {
    if codes.is_empty() { t!("console.scan.all_zones") } else { codes.join(" · ") }
}
