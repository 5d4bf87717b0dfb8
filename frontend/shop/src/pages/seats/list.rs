//! The same choice without a map: zones, their rows, their seats as buttons.

use leptos::prelude::*;
use ui::components::{Glyph, Icon};
use ui::format::{money, number};
use ui::{i18n, t, words};

use super::panel::StandingStepper;
use super::picker::{Picker, Seat};

/// All zones; an open one shows its rows.
#[component]
pub fn SeatList(picker: Picker) -> impl IntoView {
    let plan = picker.plan();
    let zones = (0..plan.zones.len()).map(|zone| view! { <ZoneItem picker zone /> }).collect_view();
    view! { <div class="seat-list" role="region" aria-label=words("shop.seats.list_label")>{zones}</div> }
}

#[component]
fn ZoneItem(picker: Picker, zone: usize) -> impl IntoView {
    let plan = picker.plan();
    let open = RwSignal::new(false);
    let tier = plan.zones[zone].tier;
    let standing = plan.zones[zone].standing;
    let price = plan.tier_of(zone).map(|tier| tier.price);
    let name = {
        let plan = plan.clone();
        move || plan.zones[zone].name(i18n::locale())
    };
    let shown = move || picker.tier.get().is_none_or(|wanted| tier == Some(wanted));
    let free = move || {
        let free = picker.free_in(zone);
        if free == 0 {
            t!("shop.seats.none_free")
        } else {
            t!("shop.seats.free", count = number(free.into()))
        }
    };
    let words = view! {
        <span class="zone-name">{name}</span>
        <span class="small">{free}</span>
        <strong class="display">{move || price.map(money)}</strong>
    };
    let body = if standing {
        view! { <div class="zone-head">{words}<StandingStepper picker zone /></div> }.into_any()
    } else {
        view! {
            <h2>
                <button type="button" class="zone-head" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                    {words}
                    <Icon glyph=Glyph::ChevronDown />
                </button>
            </h2>
            {move || open.get().then(|| view! { <Rows picker zone /> })}
        }
        .into_any()
    };
    view! { <section class="zone" hidden=move || !shown()>{body}</section> }
}

#[component]
fn Rows(picker: Picker, zone: usize) -> impl IntoView {
    let plan = picker.plan();
    let rows = plan.zones[zone].rows.clone();
    rows.into_iter()
        .map(|(label, seats)| {
            view! {
                <div class="list-row" role="group" aria-label=move || t!("shop.seat.row", row = label)>
                    <span class="list-row-label" aria-hidden="true">{label.clone()}</span>
                    <div class="list-seats">{seats.map(|seat| view! { <SeatButton picker seat /> }).collect_view()}</div>
                </div>
            }
        })
        .collect_view()
}

#[component]
fn SeatButton(picker: Picker, seat: usize) -> impl IntoView {
    let number = picker.plan().seats[seat].label.rsplit('-').next().unwrap_or_default().to_owned();
    let state = Memo::new(move |_| picker.seat(seat));
    view! {
        <button type="button" class="list-seat" aria-pressed=move || (state.get() == Seat::Chosen).to_string()
            disabled=move || state.get() == Seat::Gone aria-label=move || picker.describe(seat)
            on:click=move |_| picker.toggle(seat)>
            {number}
        </button>
    }
}
