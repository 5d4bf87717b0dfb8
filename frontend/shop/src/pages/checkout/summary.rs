//! What is bought and what it costs.

use contract::holds::Place;
use domain::Money;
use leptos::prelude::*;
use ui::format::money;
use ui::{t, words};

use crate::seat_name;

/// The places, one line each, and the total.
#[component]
pub fn Places(places: Vec<Place>, total: Money) -> impl IntoView {
    let lines = places.into_iter().map(|place| {
        let (zone, tier, price, seat) = (place.zone, place.tier, place.price, place.seat);
        view! {
            <li>
                <span>
                    <strong>{move || seat_name::place(seat.as_deref())}</strong>
                    <span class="small">{move || t!("shop.seat.zone_tier", zone = zone, tier = tier)}</span>
                </span>
                <span class="display">{move || money(price)}</span>
            </li>
        }
    });
    view! {
        <ul class="lines">{lines.collect_view()}</ul>
        <p class="lines-total">
            <span>{words("shop.total")}<span class="small">{words("shop.event.tax_included")}</span></span>
            <strong class="display">{move || money(total)}</strong>
        </p>
    }
}
