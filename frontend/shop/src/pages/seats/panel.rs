//! Beside the map: prices that filter, the best seats in one tap, the choice and the way on.

use contract::ErrorCode;
use contract::holds::{BestAvailable, MAX_PLACES};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use ui::components::{Button, FailureNotice, Glyph, Icon, Kind, Stepper};
use ui::format::{money, number};
use ui::{Failure, api, i18n, t, theme, words};

use super::canvas::palette::Palette;
use super::picker::Picker;
use crate::{basket, seat_name};

/// The prices: each with its colour and how much is free; pressing one shows only it.
#[component]
pub fn Legend(picker: Picker) -> impl IntoView {
    let plan = picker.plan();
    let tiers = plan.tiers.iter().enumerate().map(|(index, tier)| {
        let name = tier.name.clone();
        let price = tier.price;
        let on = move || picker.tier.get() == Some(index);
        let colour = move || Palette::of(theme::theme().is_dark()).tier(Some(index)).to_string();
        let free = move || picker.free_at(index);
        view! {
            <li>
                <button type="button" class="tier" style=("--tier", colour) aria-pressed=move || on().to_string()
                    class:tier-gone=move || free() == 0
                    on:click=move |_| picker.tier.update(|tier| *tier = if *tier == Some(index) { None } else { Some(index) })>
                    <i aria-hidden="true"></i>
                    <span class="tier-name">{name}</span>
                    <strong class="display">{move || money(price)}</strong>
                    <span class="tier-free">{move || if free() == 0 { t!("shop.seats.none_free") } else { t!("shop.seats.free", count = number(free().into())) }}</span>
                </button>
            </li>
        }
    }).collect_view();
    view! {
        <section class="legend" aria-labelledby="legend-title">
            <h2 id="legend-title" class="panel-title">{words("shop.seats.prices")}</h2>
            <ul>{tiers}</ul>
        </section>
    }
}

/// Asks for so many seats side by side.
#[component]
pub fn Best(picker: Picker, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let quantity = RwSignal::new(2);
    let busy = RwSignal::new(false);
    let find = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            failure.set(None);
            give_back(picker).await;
            let plan = picker.plan();
            let zones =
                picker.tier.get_untracked().map(|tier| plan.tiers[tier].zones.clone()).unwrap_or_default();
            let wish = BestAvailable { quantity: quantity.get_untracked(), zones, max_price: None };
            let slug = picker.event.with_value(|event| event.slug.clone());
            match api::holds::best(&slug, &wish, &api::new_intent()).await {
                Ok(hold) => {
                    picker.take(hold);
                    picker.said.set(i18n::count("shop.seats.said_best", quantity.get_untracked().into()));
                }
                Err(problem) => failure.set(Some(problem)),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="best" aria-label=words("shop.seats.best")>
            <Stepper label=words("shop.seats.how_many") value=quantity most=Signal::derive(|| MAX_PLACES as i32)
                on_change=move |count: i32| quantity.set(count.max(1)) />
            <Button on_press=find busy=busy class="best-button">
                <Icon glyph=Glyph::Spark />
                {words("shop.seats.best")}
            </Button>
        </section>
    }
}

/// Lets go of the claim made before, if the choice has moved on.
async fn give_back(picker: Picker) {
    let Some(hold) = picker.held.get_untracked() else { return };
    picker.held.set(None);
    // A claim that cannot be given back runs out by itself.
    if let Err(failure) = api::holds::release(&hold).await {
        leptos::logging::warn!("the earlier claim was not given back: {failure:?}");
    }
}

/// How many places in the standing zone that was tapped.
#[component]
pub fn StandingCard(picker: Picker) -> impl IntoView {
    move || {
        picker.open_zone.get().map(|zone| {
            let plan = picker.plan();
            let price = plan.tier_of(zone).map(|tier| tier.price);
            let name = { let plan = plan.clone(); move || plan.zones[zone].name(i18n::locale()) };
            let title = name.clone();
            view! {
                <div class="standing-card" role="dialog" aria-label=name>
                    <div>
                        <strong>{title}</strong>
                        <p class="small">
                            {move || price.map(money)} " · " {move || t!("shop.seats.free", count = number(picker.free_in(zone).into()))}
                        </p>
                    </div>
                    <StandingStepper picker zone />
                    <Button kind=Kind::Bare class="button-round" label=words("actions.close") on_press=move |_| picker.open_zone.set(None)>
                        <Icon glyph=Glyph::Close />
                    </Button>
                </div>
            }
        })
    }
}

/// How many places in a standing zone.
#[component]
pub fn StandingStepper(picker: Picker, zone: usize) -> impl IntoView {
    let name = move || picker.plan().zones[zone].name(i18n::locale());
    let value = Signal::derive(move || picker.standing.read().get(&zone).copied().unwrap_or(0));
    let most = Signal::derive(move || picker.most_standing(zone));
    view! { <Stepper label=Signal::derive(name) value most on_change=move |count| picker.stand(zone, count) /> }
}

/// What is chosen, what it costs, and the way on.
#[component]
pub fn Tray(picker: Picker, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    let on = move |_| {
        if busy.get_untracked() || untrack(|| picker.count()) == 0 {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            failure.set(None);
            match claim(picker).await {
                Ok(()) => navigate.with_value(|navigate| navigate("/checkout", Default::default())),
                Err(problem) => {
                    refused(picker, &problem);
                    failure.set(Some(problem));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="tray" aria-labelledby="tray-title" class:tray-empty=move || picker.count() == 0>
            <h2 id="tray-title" class="panel-title">
                {move || match picker.count() {
                    0 => t!("shop.seats.nothing_chosen"),
                    count => i18n::count("shop.seats.chosen", count as i64),
                }}
            </h2>
            <Chosen picker />
            <FailureNotice failure />
            <div class="tray-foot">
                <p class="total">
                    <span class="small">{words("shop.total")}</span>
                    <strong class="display">{move || picker.total().map_or_else(|| "–".to_owned(), money)}</strong>
                </p>
                <Button kind=Kind::Primary class="button-large" on_press=on busy=busy disabled=Signal::derive(move || picker.count() == 0)>
                    {words("actions.continue")}
                </Button>
            </div>
        </section>
    }
}

#[component]
fn Chosen(picker: Picker) -> impl IntoView {
    let seats = move || {
        let plan = picker.plan();
        picker.chosen.get().into_iter().map(|seat| {
            let label = seat_name::in_words(&plan.seats[seat].label);
            let zone = plan.zones[plan.seats[seat].zone].name(i18n::locale());
            let price = plan.tier_of(plan.seats[seat].zone).map(|tier| money(tier.price));
            let remove = t!("shop.seats.give_back", seat = label);
            let look = t!("shop.seats.view_from", seat = label);
            view! {
                <li class="pick">
                    <span class="pick-words"><strong>{label}</strong><span class="small">{zone}</span></span>
                    <span class="display">{price}</span>
                    <button type="button" class="pick-act" aria-label=look on:click=move |_| picker.preview.set(Some(seat))><Icon glyph=Glyph::Eye /></button>
                    <button type="button" class="pick-act" aria-label=remove on:click=move |_| picker.toggle(seat)><Icon glyph=Glyph::Close /></button>
                </li>
            }
        }).collect_view()
    };
    let standing = move || {
        let plan = picker.plan();
        picker.standing.get().into_iter().map(|(zone, count)| {
            let price = plan.tier_of(zone).and_then(|tier| tier.price.times(count.into())).map(money);
            view! {
                <li class="pick">
                    <span class="pick-words">
                        <strong>{plan.zones[zone].name(i18n::locale())}</strong>
                        <span class="small">{i18n::count("shop.seats.standing", count.into())}</span>
                    </span>
                    <span class="display">{price}</span>
                    <button type="button" class="pick-act" aria-label=t!("shop.seats.give_back", seat = plan.zones[zone].name(i18n::locale()))
                        on:click=move |_| picker.stand(zone, 0)><Icon glyph=Glyph::Close /></button>
                </li>
            }
        }).collect_view()
    };
    view! { <ul class="picks">{seats}{standing}</ul> }
}

/// Claims the choice and puts it into the basket.
async fn claim(picker: Picker) -> Result<(), Failure> {
    let slug = picker.event.with_value(|event| event.slug.clone());
    let hold = match picker.held_as_chosen() {
        Some(hold) => hold,
        None => {
            give_back(picker).await;
            api::holds::place(&slug, &picker.wish(), &api::new_intent()).await?
        }
    };
    basket::fill(hold, slug);
    Ok(())
}

/// Somebody was faster: what they got leaves the choice.
fn refused(picker: Picker, problem: &Failure) {
    if problem.code() == Some(ErrorCode::SeatTaken) {
        let plan = picker.plan();
        let lost: Vec<_> = problem.listed("taken").iter().filter_map(|label| plan.find(label)).collect();
        picker.lose(&lost);
    }
}
