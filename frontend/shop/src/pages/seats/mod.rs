//! Choosing seats: the map, the list, the prices and the choice.

mod canvas;
mod list;
mod panel;
mod picker;
mod plan;
mod preview;

use std::sync::Arc;
use std::time::Duration;

use contract::events::{Availability, PublicEvent};
use domain::seat_map::SeatMap;
use domain::state::EventState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use ui::browser::{now, pause};
use ui::components::{ConnectionLight, Empty, Glyph, Icon, Kind, LinkButton, Remote, Title};
use ui::format::{Style, at};
use ui::{Failure, api, fetched, live, t, words};

use self::canvas::SeatCanvas;
use self::list::SeatList;
use self::panel::{Best, Legend, StandingCard, Tray};
use self::picker::Picker;
use self::plan::Plan;
use self::preview::Preview;
use crate::basket;

/// How long changes are gathered before availability is fetched once for all of them: longer than an answer may be old.
const GATHER: Duration = Duration::from_millis(100);

type Everything = (PublicEvent, Arc<SeatMap>, Availability);

/// The page on which seats are chosen.
#[component]
pub fn SeatsPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("event").unwrap_or_default());
    let everything = fetched(move || slug.get(), load);
    view! {
        <Title text=words("shop.seats.title") />
        <Remote of=everything skeleton=ViewFn::from(|| view! { <div class="seats skeleton"></div> }) view=move |everything| {
            // Built once: what changes later is availability, and the picker takes that in itself.
            let (event, map, availability) = everything.get_untracked();
            if event.state == EventState::OnSale {
                let plan = Arc::new(Plan::new(&map, &event.prices));
                let picker = Picker::new(event, plan, availability);
                view! { <Seats picker /> }.into_any()
            } else {
                view! { <NotOnSale event /> }.into_any()
            }
        } />
    }
}

async fn load(slug: String) -> Result<Everything, Failure> {
    let event = api::events::find(&slug);
    let map = api::events::seat_map(&slug);
    let availability = api::events::availability(&slug);
    let (event, map, availability) = futures_util::future::join3(event, map, availability).await;
    let event = event?;
    // An event that is announced only may have no availability yet.
    let availability = match availability {
        Ok(availability) => availability,
        Err(_) if event.state != EventState::OnSale => Availability {
            event_id: event.id,
            version: 0,
            seats: String::new(),
            standing: Default::default(),
            free: Default::default(),
        },
        Err(failure) => return Err(failure),
    };
    Ok((event, Arc::new(map?), availability))
}

#[component]
fn NotOnSale(event: PublicEvent) -> impl IntoView {
    view! {
        <div class="page">
            <h1 class="unseen">{event.title.clone()}</h1>
            <Empty glyph=Glyph::Ticket title=words("shop.seats.not_on_sale")>
                <LinkButton href=format!("/events/{}", event.slug) kind=Kind::Primary>{words("shop.home.see_event")}</LinkButton>
            </Empty>
        </div>
    }
}

#[component]
fn Seats(picker: Picker) -> impl IntoView {
    let event = picker.event.get_value();
    let failure = RwSignal::new(None::<Failure>);
    let as_list = RwSignal::new(false);
    follow(picker);
    // Somebody who came back from checkout finds their seats chosen.
    let own = basket::load().filter(|basket| basket.event == event.slug && basket.hold.expires_at > now());
    if let Some(own) = own {
        picker.take(own.hold);
    }
    on_cleanup(move || leave(picker));
    let (zone, starts) = (event.time_zone.clone(), event.starts_at);
    view! {
        <div class="seats">
            <div class="seats-head">
                <a class="crumb" href=format!("/events/{}", event.slug) aria-label=words("actions.back")><Icon glyph=Glyph::ArrowLeft /></a>
                <div class="seats-what">
                    <h1>{event.title.clone()}</h1>
                    <p class="small">{move || t!("shop.home.line", time = at(starts, &zone, Style::ShortDate), venue = event.venue_name)}</p>
                </div>
                <ConnectionLight />
                <div class="views" role="group" aria-label=words("shop.seats.views")>
                    <button type="button" aria-pressed=move || (!as_list.get()).to_string() on:click=move |_| as_list.set(false)>
                        <Icon glyph=Glyph::Map /><span>{words("shop.seats.map")}</span>
                    </button>
                    <button type="button" aria-pressed=move || as_list.get().to_string() on:click=move |_| as_list.set(true)>
                        <Icon glyph=Glyph::List /><span>{words("shop.seats.list")}</span>
                    </button>
                </div>
            </div>
            <div class="seats-stage">
                {move || if as_list.get() { view! { <SeatList picker /> }.into_any() } else { view! { <SeatCanvas picker /> }.into_any() }}
                <StandingCard picker />
                <Preview picker />
            </div>
            <div class="seats-side">
                <Legend picker />
                <Best picker failure />
                <Tray picker failure />
            </div>
            <p class="unseen" role="status" aria-live="polite">{picker.said}</p>
        </div>
    }
}

/// Gives back what "best seats" claimed when the person goes elsewhere than to checkout.
fn leave(picker: Picker) {
    let Some(Some(hold)) = picker.held.try_get_untracked() else { return };
    if basket::load().is_some_and(|basket| basket.hold.id == hold.id) {
        return;
    }
    spawn_local(async move {
        // A claim that cannot be given back runs out by itself.
        if let Err(failure) = api::holds::release(&hold).await {
            leptos::logging::warn!("the claim was not given back: {failure:?}");
        }
    });
}

/// Keeps availability fresh: fetched at once when the event says that something changed. Changes that come close
/// together are fetched together, and the last of them once more, since an answer may be a little old.
fn follow(picker: Picker) {
    let topic = picker.event.with_value(|event| format!("event:{}", event.id));
    let (changed, busy) = (StoredValue::new(false), StoredValue::new(false));
    live::on(
        move || Some(topic.clone()),
        move |_| {
            changed.set_value(true);
            if !busy.get_value() {
                busy.set_value(true);
                spawn_local(async move {
                    keep_up(picker, changed).await;
                    busy.try_set_value(false);
                });
            }
        },
    );
}

/// Fetches until nothing has changed since; `None` when the page is gone.
async fn keep_up(picker: Picker, changed: StoredValue<bool>) -> Option<()> {
    loop {
        let is_change = changed.try_update_value(std::mem::take)?;
        let slug = picker.event.try_with_value(|event| event.slug.clone())?;
        // What could not be fetched now is fetched with the next change or after the connection is back.
        let fetched = api::events::availability(&slug).await;
        let changed_meanwhile = changed.try_get_value()?;
        if let Ok(availability) = fetched {
            picker.refresh(availability);
        }
        if is_change {
            pause(GATHER).await;
        } else if !changed_meanwhile {
            return Some(());
        }
    }
}
