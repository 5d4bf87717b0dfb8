//! How often a key was used: bars, and the same as a table.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use contract::keys::{ApiKey, KeyUsage};
use leptos::prelude::*;
use ui::{api::staff, components::Remote, fetched, t, tr};

use crate::parts::dialog::Dialog;

/// Days shown.
const DAYS: u64 = 30;
const HEIGHT: f64 = 60.0;
const STEP: f64 = 10.0;

/// The use of a key over the last 30 days.
#[component]
pub fn Usage(key: ApiKey, open: RwSignal<bool>) -> impl IntoView {
    let id = StoredValue::new(key.id.to_string());
    let usage = fetched(|| (), move |()| async move { staff::keys::usage(&id.get_value()).await });
    view! {
        <Dialog open title=t!("console.keys.usage_of", name = key.name)>
            <Remote of=usage view={move |usage: Signal<KeyUsage>| view! { <Chart usage=usage.get()/> }}/>
        </Dialog>
    }
}

#[component]
fn Chart(usage: KeyUsage) -> impl IntoView {
    if usage.days.is_empty() {
        return view! { <p class="soft">{tr!("console.keys.no_use")}</p> }.into_any();
    }
    let by_day: HashMap<NaiveDate, i64> = usage.days.iter().map(|day| (day.day, day.requests)).collect();
    let most = usage.days.iter().map(|day| day.requests).max().unwrap_or(1).max(1);
    let today = ui::browser::now().date_naive();
    let bars = (0..DAYS).map(|back| {
        let day = today - Days::new(DAYS - 1 - back);
        let requests = by_day.get(&day).copied().unwrap_or(0);
        let height = HEIGHT * requests as f64 / most as f64;
        let place = STEP * back as f64;
        view! { <rect x=place.to_string() y=(HEIGHT - height).to_string() width="8" height=height.to_string() fill="currentColor"/> }
    });
    let rows = usage.days.iter().rev().map(|day| {
        view! { <tr><td>{day.day.to_string()}</td><td class="number">{day.requests}</td></tr> }
    });
    view! {
        <svg class="sparkline" viewBox=format!("0 0 {} {HEIGHT}", STEP * DAYS as f64) preserveAspectRatio="none" aria-hidden="true">
            {bars.collect_view()}
        </svg>
        <div class="table-frame"><table class="table">
            <thead><tr>
                <th scope="col">{tr!("console.keys.day")}</th>
                <th scope="col" class="number">{tr!("console.keys.requests")}</th>
            </tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table></div>
    }
    .into_any()
}
