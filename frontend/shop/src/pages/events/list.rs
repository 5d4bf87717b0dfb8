//! Home: the next fight night as a poster, then all of them by date.

use chrono::Duration;
use contract::events::PublicEvent;
use leptos::prelude::*;
use ui::browser::now;
use ui::components::{Chip, Empty, Glyph, Icon, Remote, Title};
use ui::format::{Style, at, money};
use ui::{api, fetched, i18n, t, words};

use super::{on_sale, sale_badge};
use crate::poster::{PosterArt, headliners};

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    ThisMonth,
    OnSale,
}

impl Filter {
    fn shows(self, event: &PublicEvent) -> bool {
        match self {
            Self::All => true,
            Self::ThisMonth => event.starts_at < now() + Duration::days(31),
            Self::OnSale => on_sale(event),
        }
    }
}

/// The first page.
#[component]
pub fn Home() -> impl IntoView {
    let events = fetched(i18n::locale, |_| async { api::events::coming().await.map(|page| page.items) });
    view! {
        <Title text="Ringside" />
        <Remote of=events skeleton=ViewFn::from(|| view! { <div class="poster skeleton"></div> }) view=|events| {
            view! {
                {move || next(&events.read()).map(|event| view! { <Poster event /> })}
                <Listing events />
            }
        } />
    }
}

/// The next night that can be bought, or else the next at all.
fn next(events: &[PublicEvent]) -> Option<PublicEvent> {
    let ahead = || events.iter().filter(|event| event.ends_at > now());
    ahead().find(|event| on_sale(event)).or_else(|| ahead().next()).cloned()
}

#[component]
fn Poster(event: PublicEvent) -> impl IntoView {
    let names = headliners(&event);
    let zone = event.time_zone.clone();
    let (starts, from) = (event.starts_at, event.from_price);
    let sellable = on_sale(&event);
    let badge = sale_badge(&event);
    let class = event.bouts.first().map(|bout| bout.class.clone()).filter(|class| !class.is_empty());
    view! {
        <section class="poster" aria-labelledby="poster-title">
            <PosterArt id=event.id />
            <div class="poster-words page">
                <p class="poster-kicker">
                    <span>{words("shop.home.next")}</span>
                    {badge}
                </p>
                <h1 id="poster-title">{event.title.clone()}</h1>
                {names.map(|(red, blue)| {
                    view! {
                        <p class="poster-names">
                            <span class="poster-red">{red}</span>
                            <span class="poster-versus">{words("shop.versus")}</span>
                            <span class="poster-blue">{blue}</span>
                        </p>
                    }
                })}
                {class.map(|class| view! { <p class="poster-class">{class}</p> })}
                <div class="poster-foot">
                    <p class="poster-when">
                        <strong>{move || at(starts, &zone, Style::LongDate)}</strong>
                        <span>{event.venue_name.clone()}</span>
                    </p>
                    <a class="button button-primary button-large" href=format!("/events/{}", event.slug)>
                        {move || match from.filter(|_| sellable) {
                            Some(from) => t!("shop.home.tickets_from", price = money(from)),
                            None => t!("shop.home.see_event"),
                        }}
                        <Icon glyph=Glyph::ArrowRight />
                    </a>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Listing(events: Signal<Vec<PublicEvent>>) -> impl IntoView {
    let filter = RwSignal::new(Filter::All);
    let venue = RwSignal::new(None::<String>);
    let shown = move || {
        let keep = |event: &&PublicEvent| {
            event.ends_at > now()
                && venue.get().is_none_or(|venue| venue == event.venue_name)
                && filter.get().shows(event)
        };
        events.read().iter().filter(keep).cloned().collect::<Vec<_>>()
    };
    view! {
        <section class="page listing" aria-labelledby="all-nights">
            <div class="listing-head">
                <h2 id="all-nights">{words("shop.home.all")}</h2>
                <Chips events filter venue />
            </div>
            {move || match shown() {
                events if events.is_empty() => {
                    view! {
                        <Empty glyph=Glyph::Calendar title=words("shop.home.none")>
                            <p>{words("shop.home.none_hint")}</p>
                        </Empty>
                    }
                    .into_any()
                }
                events => {
                    view! { <ul class="nights">{events.into_iter().map(night).collect_view()}</ul> }.into_any()
                }
            }}
        </section>
    }
}

/// Filters: by time and sale, and by venue where there are several.
#[component]
fn Chips(
    events: Signal<Vec<PublicEvent>>,
    filter: RwSignal<Filter>,
    venue: RwSignal<Option<String>>,
) -> impl IntoView {
    let venues = Memo::new(move |_| {
        let mut names: Vec<_> = events.read().iter().map(|event| event.venue_name.clone()).collect();
        names.sort();
        names.dedup();
        names
    });
    let by_filter = |which: Filter, key: &'static str| {
        let on = Signal::derive(move || filter.get() == which);
        view! {
            <Chip on on_press=move |()| filter.set(which)>
                {words(key)}
            </Chip>
        }
    };
    let by_venue = move |name: String| {
        let word = name.clone();
        let own = name.clone();
        let on = Signal::derive(move || venue.read().as_ref() == Some(&own));
        let press = move |()| venue.set((!on.get_untracked()).then(|| name.clone()));
        view! {
            <Chip on on_press=press>
                {word}
            </Chip>
        }
    };
    view! {
        <div class="chips" role="group" aria-label=words("shop.home.filter")>
            {by_filter(Filter::All, "shop.home.chip_all")}
            {by_filter(Filter::ThisMonth, "shop.home.chip_month")}
            {by_filter(Filter::OnSale, "shop.home.chip_on_sale")}
            {move || {
                let names = venues.get();
                (names.len() > 1).then(|| names.into_iter().map(by_venue).collect_view())
            }}
        </div>
    }
}

/// One line of the list.
fn night(event: PublicEvent) -> impl IntoView {
    let zone = event.time_zone.clone();
    let part = |style| at(event.starts_at, &zone, style);
    let names = headliners(&event).map(|(red, blue)| {
        view! {
            <p class="night-names">
                <span class="corner-red">{red}</span>
                " "
                <span class="muted">{t!("shop.versus")}</span>
                " "
                <span class="corner-blue">{blue}</span>
            </p>
        }
    });
    let price = match event.from_price.filter(|_| on_sale(&event)) {
        Some(from) => t!("shop.from", price = money(from)),
        None => String::new(),
    };
    view! {
        <li class="night" class:night-over=matches!(event.state, domain::state::EventState::Cancelled)>
            <div class="night-date">
                <span class="night-day">{part(Style::Day)}</span>
                <span class="night-month">{part(Style::Month)}</span>
                <span class="night-weekday">{part(Style::Weekday)}</span>
            </div>
            <div class="night-art"><PosterArt id=event.id /></div>
            <div class="night-what">
                <h3><a href=format!("/events/{}", event.slug)>{event.title.clone()}</a></h3>
                {names}
                <p class="small">
                    {t!("shop.home.line", time = part(Style::Time), venue = event.venue_name.clone())}
                </p>
            </div>
            <div class="night-price">{sale_badge_or(price, &event)}<Icon glyph=Glyph::ArrowRight /></div>
        </li>
    }
}

fn sale_badge_or(price: String, event: &PublicEvent) -> AnyView {
    match sale_badge(event) {
        Some(badge) => badge,
        None => view! { <strong class="display">{price}</strong> }.into_any(),
    }
}
