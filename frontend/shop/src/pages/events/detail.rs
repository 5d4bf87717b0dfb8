//! One fight night: its card as a judge's scoresheet, what it costs, how to get there.

use contract::events::{Bout, PriceTier, PublicEvent};
use domain::state::EventState;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use ui::components::{Glyph, Icon, Kind, LinkButton, Notice, Remote, Title, Tone};
use ui::format::{Style, at, money};
use ui::{api, fetched, i18n, live, t};

use super::{on_sale, sale_badge};
use crate::poster::{PosterArt, headliners};

/// The page of one event.
#[component]
pub fn EventPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("event").unwrap_or_default());
    let event = fetched(
        move || (slug.get(), i18n::locale()),
        |(slug, _)| async move { api::events::find(&slug).await },
    );
    let topic = move || event.with(|event| event.map(|event| format!("event:{}", event.id)));
    let topic = Memo::new(move |_| topic());
    live::on_change(move || topic.get(), move || event.refetch());
    view! {
        <Remote of=event skeleton=ViewFn::from(|| view! { <div class="poster poster-low skeleton"></div> }) view=|event| {
            view! {
                <Title text=Signal::derive(move || format!("{} – Ringside", event.read().title)) />
                {move || view! { <Whole event=event.get() /> }}
            }
        } />
    }
}

#[component]
fn Whole(event: PublicEvent) -> impl IntoView {
    let seats = format!("/events/{}/seats", event.slug);
    let zone = event.time_zone.clone();
    let names = headliners(&event);
    view! {
        <section class="poster poster-low">
            <PosterArt id=event.id />
            <div class="poster-words page">
                <p class="poster-kicker">
                    <span>{at(event.starts_at, &zone, Style::LongDate)}</span>
                    {sale_badge(&event)}
                </p>
                <h1>{event.title.clone()}</h1>
                {names.map(|(red, blue)| {
                    view! {
                        <p class="poster-names">
                            <span class="poster-red">{red}</span>
                            <span class="poster-versus">{t!("shop.versus")}</span>
                            <span class="poster-blue">{blue}</span>
                        </p>
                    }
                })}
            </div>
        </section>
        <div class="page event">
            <div class="event-main">
                {state_notice(&event)}
                {(!event.description.is_empty()).then(|| view! { <p class="lead">{event.description.clone()}</p> })}
                <Card bouts=event.bouts.clone() />
                <Practical event=event.clone() />
            </div>
            <div class="event-side">
                <Prices prices=event.prices.clone() />
                {on_sale(&event).then(|| view! {
                    <LinkButton href=seats.clone() kind=Kind::Primary class="button-wide button-large">
                        {t!("shop.event.choose_seats")}
                    </LinkButton>
                })}
                <p class="small">{t!("shop.event.sold_by", promoter = event.promoter.clone())}</p>
            </div>
        </div>
        {on_sale(&event).then(|| view! { <Bar from=event.from_price.map(money) seats /> })}
    }
}

fn state_notice(event: &PublicEvent) -> Option<impl IntoView + use<>> {
    let (tone, key) = match event.state {
        EventState::Cancelled => (Tone::Stop, "shop.event.cancelled"),
        EventState::Closed => (Tone::Plain, "shop.event.closed"),
        EventState::Published | EventState::Draft => (Tone::Belt, "shop.event.announced"),
        EventState::OnSale if event.sold_out => (Tone::Warn, "shop.event.sold_out"),
        EventState::OnSale => return None,
    };
    Some(view! { <Notice tone>{t!(key)}</Notice> })
}

/// The fight card the way judges keep score: red on the left, a box for each round, blue on the right.
#[component]
fn Card(bouts: Vec<Bout>) -> impl IntoView {
    if bouts.is_empty() {
        return view! { <p class="muted">{t!("shop.event.card_later")}</p> }.into_any();
    }
    view! {
        <section class="card" aria-labelledby="card-title">
            <h2 id="card-title">{t!("shop.event.card")}</h2>
            <ol class="sheet">
                {bouts.into_iter().enumerate().map(|(place, bout)| {
                    let heading = if place == 0 { t!("shop.event.main_event") } else { t!("shop.event.bout", number = place + 1) };
                    view! {
                        <li class="bout" class:bout-main=place == 0>
                            <p class="bout-head">
                                <span>{heading}</span>
                                <span>{bout.class}</span>
                            </p>
                            <p class="bout-red"><i aria-hidden="true"></i><span class="unseen">{t!("shop.event.red_corner")}</span>{bout.red}</p>
                            <p class="bout-rounds">
                                <span class="unseen">{i18n::count("shop.event.rounds", bout.rounds.into())}</span>
                                <span class="boxes" aria-hidden="true">
                                    {(1..=bout.rounds).map(|round| view! { <b>{round}</b> }).collect_view()}
                                </span>
                            </p>
                            <p class="bout-blue"><span class="unseen">{t!("shop.event.blue_corner")}</span>{bout.blue}<i aria-hidden="true"></i></p>
                        </li>
                    }
                }).collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

#[component]
fn Prices(prices: Vec<PriceTier>) -> impl IntoView {
    let mut prices = prices;
    prices.sort_by_key(|tier| std::cmp::Reverse(tier.price.amount));
    view! {
        <section aria-labelledby="prices-title">
            <h2 id="prices-title">{t!("shop.event.prices")}</h2>
            <ul class="tiers">
                {prices.into_iter().map(|tier| view! {
                    <li><span>{tier.name}</span><strong class="display">{money(tier.price)}</strong></li>
                }).collect_view()}
            </ul>
            <p class="small">{t!("shop.event.tax_included")}</p>
        </section>
    }
}

#[component]
fn Practical(event: PublicEvent) -> impl IntoView {
    let zone = event.time_zone.clone();
    let time = |instant| at(instant, &zone, Style::Time);
    let query = js_sys::encode_uri_component(&format!("{}, {}", event.venue_name, event.venue_address));
    let map = format!("https://www.openstreetmap.org/search?query={}", String::from(query));
    view! {
        <section class="practical" aria-labelledby="practical-title">
            <h2 id="practical-title">{t!("shop.event.practical")}</h2>
            <dl class="facts">
                <div><dt><Icon glyph=Glyph::Clock />{t!("shop.event.doors")}</dt><dd class="display">{time(event.doors_at)}</dd></div>
                <div><dt><Icon glyph=Glyph::Spark />{t!("shop.event.first_bout")}</dt><dd class="display">{time(event.starts_at)}</dd></div>
                <div><dt><Icon glyph=Glyph::Calendar />{t!("shop.event.ends")}</dt><dd class="display">{time(event.ends_at)}</dd></div>
                <div class="facts-wide">
                    <dt><Icon glyph=Glyph::Pin />{t!("shop.event.where")}</dt>
                    <dd>
                        <strong>{event.venue_name}</strong><br />{event.venue_address}<br />
                        <a href=map target="_blank" rel="noopener external">{t!("shop.event.map")}</a>
                    </dd>
                </div>
            </dl>
        </section>
        <section class="questions" aria-labelledby="rules-title">
            <h2 id="rules-title">{t!("shop.event.rules")}</h2>
            {["once", "phone", "hold", "pay"].map(|which| view! {
                <details>
                    <summary>{t!(&format!("shop.event.rule_{which}"))}<Icon glyph=Glyph::ChevronDown /></summary>
                    <p>{t!(&format!("shop.event.rule_{which}_text"))}</p>
                </details>
            }).collect_view()}
        </section>
    }
}

/// The way to the seats, always in reach on a phone.
#[component]
fn Bar(from: Option<String>, seats: String) -> impl IntoView {
    view! {
        <div class="bar">
            <p class="display">{from.map(|price| t!("shop.from", price = price))}</p>
            <LinkButton href=seats kind=Kind::Primary class="button-large">{t!("shop.event.choose_seats")}</LinkButton>
        </div>
    }
}
