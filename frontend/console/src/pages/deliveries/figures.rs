//! What became of the messages of a month, in figures first.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate, NaiveTime};
use contract::deliveries::{DeliveryFigures, DeliveryStatistics};
use leptos::prelude::*;
use ui::{
    api::staff,
    components::FailureNotice,
    fetched,
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{score::Score, sparkline::Sparkline};

/// So many days are shown.
const DAYS: u16 = 30;

/// The figures, and behind them the tables.
#[component]
pub fn Numbers() -> impl IntoView {
    let found = fetched(session::organisation, |_| async { staff::deliveries::statistics(DAYS).await });
    view! {
        <FailureNotice failure=Signal::derive(move || found.failure())/>
        {move || found.get().filter(|found| !found.figures.is_empty()).map(|found| view! { <Board found/> })}
    }
}

/// One figure of all rows.
fn sum(rows: &[DeliveryFigures], of: fn(&DeliveryFigures) -> i64) -> i64 {
    rows.iter().map(of).sum()
}

/// `12 (3 %)`: a part of a whole, where there is one.
fn part(count: i64, whole: i64) -> String {
    if whole > 0 { format::percent(count as f64 / whole as f64) } else { "–".to_owned() }
}

#[component]
fn Board(found: DeliveryStatistics) -> impl IntoView {
    let rows = &found.figures;
    let total = |of: fn(&DeliveryFigures) -> i64| sum(rows, of);
    let (written, sent, counted) =
        (total(|row| row.written), total(|row| row.sent), total(|row| row.counted));
    let (returned, complained) = (total(|row| row.returned), total(|row| row.complained));
    let held = total(|row| row.failed) + total(|row| row.suppressed);
    let (opened, clicked) = (total(|row| row.opened), total(|row| row.clicked));
    let (days, templates) = (by_day(&found), by_template(&found));
    let curve = days.iter().map(|(_, row)| row[1] as f64).collect::<Vec<_>>();
    let show = |count: i64| Signal::derive(move || format::number(count));
    view! {
        <section class="delivery-figures" aria-label=tr!("console.deliveries.figures")>
            <div class="score">
                <Score mark="sent" name=Signal::derive(tr!("console.deliveries.sent")) value=show(sent)>
                    <p class="soft">{t!("console.deliveries.of_written", count = format::number(written))}</p>
                    <Sparkline values=curve/>
                </Score>
                <Score mark="returned" name=Signal::derive(tr!("console.deliveries.returned")) value=show(returned)>
                    <p class="soft">{t!("console.deliveries.share_of_sent", share = part(returned, sent))}</p>
                    <p class="soft">{t!("console.deliveries.complained", count = format::number(complained))}</p>
                </Score>
                <Score mark="held" name=Signal::derive(tr!("console.deliveries.not_sent")) value=show(held)>
                    <a href="/console/deliveries/suppressions">{tr!("console.deliveries.see_held")}</a>
                </Score>
                <Score mark="opened" name=Signal::derive(tr!("console.deliveries.opened"))
                    value=Signal::derive(move || part(opened, counted))>
                    <p class="soft">{t!("console.deliveries.counted", count = format::number(counted))}</p>
                    <p class="soft">{t!("console.deliveries.clicked", share = part(clicked, counted))}</p>
                </Score>
            </div>
            <details class="days">
                <summary>{tr!("console.deliveries.by_day")}</summary>
                <Table rows=days.into_iter().rev().map(|(day, row)| (day_name(day), row)).collect()/>
            </details>
            <details class="days">
                <summary>{tr!("console.deliveries.by_template")}</summary>
                <Table rows=templates/>
            </details>
        </section>
    }
}

/// Written, sent, delivered, returned, complained, failed, held back, counted, opened, clicked.
type Row = [i64; 10];

const COLUMNS: [&str; 10] = [
    "written",
    "sent",
    "delivered",
    "returned",
    "complained_short",
    "failed",
    "suppressed",
    "counted_short",
    "opened_short",
    "clicked_short",
];

fn add(row: &mut Row, more: &DeliveryFigures) {
    let more = [
        more.written,
        more.sent,
        more.delivered,
        more.returned,
        more.complained,
        more.failed,
        more.suppressed,
        more.counted,
        more.opened,
        more.clicked,
    ];
    row.iter_mut().zip(more).for_each(|(sum, count)| *sum += count);
}

/// Every day from the first to today, also those without any.
fn by_day(found: &DeliveryStatistics) -> Vec<(NaiveDate, Row)> {
    let mut days: BTreeMap<NaiveDate, Row> =
        found.from.iter_days().take_while(|day| *day <= found.to).map(|day| (day, Row::default())).collect();
    for row in &found.figures {
        add(days.entry(row.day).or_default(), row);
    }
    days.into_iter().collect()
}

fn by_template(found: &DeliveryStatistics) -> Vec<(String, Row)> {
    let mut templates: BTreeMap<(&str, &str), Row> = BTreeMap::new();
    for row in &found.figures {
        add(templates.entry((&row.template, row.channel.name())).or_default(), row);
    }
    templates.into_iter().map(|((template, channel), row)| (format!("{template} · {channel}"), row)).collect()
}

fn day_name(day: NaiveDate) -> String {
    let noon = (day.and_time(NaiveTime::MIN) + Duration::hours(12)).and_utc();
    format::at(noon, "UTC", Style::ShortDate)
}

#[component]
fn Table(rows: Vec<(String, Row)>) -> impl IntoView {
    let head = |name: &str| {
        view! { <th scope="col" class="number">{t!(&format!("console.deliveries.{name}"))}</th> }
    };
    let heads = COLUMNS.into_iter().map(head).collect_view();
    let row = |(name, row): (String, Row)| {
        view! {
            <tr>
                <th scope="row" class="nowrap">{name}</th>
                {row.into_iter().map(|count| view! { <td class="number">{format::number(count)}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <div class="table-frame" tabindex="0">
            <table class="table table-plain">
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
