//! Checkout: one page. The seats are held, the buyer says who they are, payment follows.

mod form;
mod steps;
mod summary;

use contract::ErrorCode;
use leptos::prelude::*;
use ui::components::{Countdown, Empty, Glyph, Icon, Kind, LinkButton, Title};
use ui::{Failure, words};

use self::form::BuyerForm;
pub use self::steps::{Step, Steps};
pub use self::summary::Places;
use crate::basket::{self, Basket};

/// The page; what it sells is in the basket.
#[component]
pub fn Checkout() -> impl IntoView {
    let run_out = RwSignal::new(false);
    let basket = basket::load();
    let alive = basket.as_ref().is_some_and(|basket| basket.hold.expires_at > ui::browser::now());
    let body = match basket {
        None => view! { <Nothing /> }.into_any(),
        Some(basket) => {
            run_out.set(!alive);
            view! {
                {move || if run_out.get() {
                    view! { <RunOut event=basket.event.clone() /> }.into_any()
                } else {
                    view! { <Open basket=basket.clone() run_out /> }.into_any()
                }}
            }
            .into_any()
        }
    };
    view! {
        <Title text=words("shop.checkout.title") />
        <div class="page checkout">{body}</div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <h1 class="unseen">{words("shop.checkout.title")}</h1>
        <Empty glyph=Glyph::Ticket title=words("shop.checkout.nothing")>
            <LinkButton href="/" kind=Kind::Primary>{words("shop.missing.home")}</LinkButton>
        </Empty>
    }
}

/// The seats went back; choosing again is one tap away.
#[component]
fn RunOut(event: String) -> impl IntoView {
    basket::empty();
    view! {
        <h1 class="unseen">{words("shop.checkout.title")}</h1>
        <Empty glyph=Glyph::Clock title=words("shop.checkout.run_out")>
            <p>{words("shop.checkout.run_out_hint")}</p>
            <LinkButton href=format!("/events/{event}/seats") kind=Kind::Primary>{words("shop.checkout.choose_again")}</LinkButton>
        </Empty>
    }
}

#[component]
fn Open(basket: Basket, run_out: RwSignal<bool>) -> impl IntoView {
    let until = basket.hold.expires_at;
    let refused = move |failure: &Failure| {
        if failure.code() == Some(ErrorCode::HoldExpired) {
            run_out.set(true);
        }
    };
    let (places, total) = (basket.hold.places.clone(), basket.hold.total);
    view! {
        <a class="crumb" href=format!("/events/{}/seats", basket.event)><Icon glyph=Glyph::ArrowLeft />{words("shop.checkout.back")}</a>
        <Steps now=Step::Details />
        <h1>{words("shop.checkout.heading")}</h1>
        <div class="checkout-columns">
            <BuyerForm basket refused=Callback::new(move |failure: Failure| refused(&failure)) />
            <section class="summary" aria-labelledby="summary-title">
                <p class="held"><Icon glyph=Glyph::Clock />
                    <span>{words("shop.checkout.held_for")}</span>
                    <Countdown until=Signal::derive(move || until) on_end=move |()| run_out.set(true) />
                </p>
                <h2 id="summary-title">{words("shop.checkout.your_seats")}</h2>
                <Places places total />
            </section>
        </div>
    }
}
