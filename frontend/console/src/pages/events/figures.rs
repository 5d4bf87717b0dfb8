//! How the sale goes, as it goes: the number first, its change, the shape of the days, the zones.

use chrono::{Duration, NaiveTime};
use contract::figures::{Figures, ZoneFigures};
use domain::Money;
use leptos::prelude::*;
use ui::{
    api::staff,
    components::Remote,
    fetched,
    format::{self, Style},
    live, session, t, tr,
};

use crate::parts::{score::Score, sparkline::Sparkline};

/// Figures of an event that move with the sale.
#[component]
pub fn FiguresPanel(event_id: Signal<String>) -> impl IntoView {
    let figures = fetched(
        move || (session::organisation(), event_id.get()),
        |(_, id)| async move { staff::events::figures(&id).await },
    );
    live::on_change(move || Some(format!("sales:{}", event_id.get())), move || figures.refetch());
    view! {
        <section class="figures" aria-label=tr!("console.figures.title")>
            <Remote of=figures view={move |figures: Signal<Figures>| view! {
                <div class="score">
                    <Sold figures/>
                    <Revenue figures/>
                    <Waiting figures/>
                    <Inside figures/>
                </div>
                <p class="as-of soft">
                    {move || t!("console.figures.as_of", time = format::here(figures.get().as_of, Style::Precise))}
                </p>
                <Zones figures/>
                <Days figures/>
            }}/>
        </section>
    }
}

#[component]
fn Sold(figures: Signal<Figures>) -> impl IntoView {
    let share = move || figures.with(|figures| f64::from(figures.sold) / f64::from(figures.capacity.max(1)));
    view! {
        <Score mark="sold" name=Signal::derive(tr!("console.figures.sold"))
            value=Signal::derive(move || format::number(figures.get().sold.into()))>
            <p class="soft">
                {move || t!("console.figures.of", share = format::percent(share()), capacity = format::number(figures.get().capacity.into()))}
            </p>
            <span class="bar bar-wide" aria-hidden="true"><i style=("inline-size", move || format!("{:.1}%", share() * 100.0))></i></span>
        </Score>
    }
}

#[component]
fn Revenue(figures: Signal<Figures>) -> impl IntoView {
    let change = move || {
        let figures = figures.get();
        let mut days = figures.days.iter().rev();
        let today = days.next()?.revenue;
        let before = days.next().map_or(0, |day| day.revenue.amount);
        let more = Money { amount: today.amount - before, ..today };
        let sign = if more.amount < 0 { "" } else { "+" };
        Some((
            more.amount < 0,
            t!("console.figures.change", change = format!("{sign}{}", format::money(more))),
        ))
    };
    let values = move || {
        figures.with(|figures| figures.days.iter().map(|day| day.revenue.amount as f64).collect::<Vec<_>>())
    };
    view! {
        <Score mark="revenue" name=Signal::derive(tr!("console.figures.revenue"))
            value=Signal::derive(move || format::money(figures.get().revenue))>
            {move || change().map(|(down, text)| view! { <p class=if down { "change change-down" } else { "change" }>{text}</p> })}
            {move || view! { <Sparkline values=values()/> }}
        </Score>
    }
}

#[component]
fn Waiting(figures: Signal<Figures>) -> impl IntoView {
    let link = move || format!("/console/orders?event={}&state=pending", figures.get().event_id);
    view! {
        <Score mark="pending" name=Signal::derive(tr!("console.figures.pending"))
            value=Signal::derive(move || format::number(figures.get().orders_pending.into()))>
            <p class="soft">{move || t!("console.figures.held", count = format::number(figures.get().held.into()))}</p>
            <a href=link>{tr!("console.figures.see_orders")}</a>
        </Score>
    }
}

#[component]
fn Inside(figures: Signal<Figures>) -> impl IntoView {
    view! {
        <Score mark="admitted" name=Signal::derive(tr!("console.figures.inside"))
            value=Signal::derive(move || format::number(figures.get().admitted.into()))>
            <p class="soft">{move || {
                let figures = figures.get();
                t!("console.figures.expected", count = format::number(i64::from(figures.sold - figures.admitted)))
            }}</p>
        </Score>
    }
}

#[component]
fn Zones(figures: Signal<Figures>) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table zones">
                <caption class="unseen">{tr!("console.figures.zones")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tr!("console.figures.zone")}</th>
                        <th scope="col" class="zone-bar">{tr!("console.figures.share")}</th>
                        <th scope="col" class="number">{tr!("console.figures.sold")}</th>
                        <th scope="col" class="number wide-only">{tr!("console.figures.held_short")}</th>
                        <th scope="col" class="number wide-only">{tr!("console.figures.inside")}</th>
                        <th scope="col" class="number">{tr!("console.figures.revenue")}</th>
                    </tr>
                </thead>
                <tbody>{move || figures.get().zones.into_iter().map(zone).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn zone(zone: ZoneFigures) -> impl IntoView {
    let places = f64::from(zone.capacity.max(1));
    let part = |count: i32| format!("{:.1}%", f64::from(count) / places * 100.0);
    let (sold, held) = (part(zone.sold), part(zone.held));
    view! {
        <tr>
            <th scope="row"><span class="code">{zone.zone}</span>" "<span class="wide-only">{zone.name}</span></th>
            <td class="zone-bar"><span class="bar bar-two" style=("--sold", sold) style=("--held", held) aria-hidden="true"><i></i><i></i></span></td>
            <td class="number">
                {format::number(zone.sold.into())}<span class="of">{format!(" / {}", format::number(zone.capacity.into()))}</span>
            </td>
            <td class="number wide-only">{format::number(zone.held.into())}</td>
            <td class="number wide-only">{format::number(zone.admitted.into())}</td>
            <td class="number">{format::money(zone.revenue)}</td>
        </tr>
    }
}

/// The table behind the curve.
#[component]
fn Days(figures: Signal<Figures>) -> impl IntoView {
    let rows = move || {
        let row = |day: &contract::figures::DayFigures| {
            let noon = (day.day.and_time(NaiveTime::MIN) + Duration::hours(12)).and_utc();
            view! {
                <tr>
                    <th scope="row">{format::at(noon, "UTC", Style::ShortDate)}</th>
                    <td class="number">{format::number(day.sold.into())}</td>
                    <td class="number">{format::money(day.revenue)}</td>
                </tr>
            }
        };
        figures.with(|figures| figures.days.iter().rev().map(row).collect_view())
    };
    view! {
        <details class="days">
            <summary>{tr!("console.figures.days")}</summary>
            <table class="table table-plain"><tbody>{rows}</tbody></table>
        </details>
    }
}
