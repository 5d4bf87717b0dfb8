//! Making a key: nothing, reading, or reading and changing, area by area.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contract::{
    Page,
    keys::{ApiKey, CreateApiKey, NewApiKey},
};
use domain::Permission;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Kind},
    session, t, tr,
};

use crate::pages::access::networks::lines;
use crate::parts::{dialog::Dialog, select::Select};

/// The level chosen for each area: `none`, `read` or `write`.
type Levels = Vec<(&'static str, RwSignal<String>)>;

/// The permissions of an area at a level, out of those the person holds.
fn rights(own: &[Permission], area: &str, level: &str) -> Vec<Permission> {
    let within = |right: &Permission| {
        right.area() == area && (level == "write" || (level == "read" && right.name().ends_with(".read")))
    };
    own.iter().copied().filter(within).collect()
}

#[component]
pub fn Create(
    open: RwSignal<bool>,
    keys: Fetched<Page<ApiKey>>,
    shown: RwSignal<Option<NewApiKey>>,
) -> impl IntoView {
    let own = StoredValue::new(session::membership().map(|own| own.permissions).unwrap_or_default());
    let (name, networks, expires) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let areas: BTreeMap<usize, &'static str> = own.with_value(|own| {
        let place = |area| Permission::ALL.iter().position(|right| right.area() == area).unwrap_or(0);
        own.iter().map(|right| (place(right.area()), right.area())).collect()
    });
    let levels: Levels = areas.into_values().map(|area| (area, RwSignal::new("none".to_owned()))).collect();
    let levels = StoredValue::new(levels);
    let chosen = move || {
        let of = |(area, level): &(&'static str, RwSignal<String>)| {
            own.with_value(|own| rights(own, area, &level.get()))
        };
        levels.with_value(|levels| levels.iter().flat_map(of).collect::<Vec<_>>())
    };
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| {
        let day: Option<NaiveDate> = expires.get().parse().ok();
        let end = day.and_then(|day| day.and_hms_opt(23, 59, 59)).map(|end| end.and_utc());
        let key = CreateApiKey {
            name: name.get().trim().to_owned(),
            permissions: chosen(),
            networks: lines(&networks.get()),
            expires_at: end,
        };
        (key, api::new_intent())
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (key, intent) = wish.get_untracked();
        spawn_local(async move {
            let answer = staff::keys::create(&key, &intent).await;
            busy.try_set(false);
            match answer {
                Ok(new) => {
                    keys.refetch();
                    shown.try_set(Some(new));
                    open.try_set(false);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|failure| failure.field(field)))
    };
    let choices = levels.with_value(|levels| {
        levels.iter().map(|(area, level)| view! { <Level area level=*level/> }).collect_view()
    });
    view! {
        <Dialog open title=t!("console.keys.new")>
            <form on:submit=send novalidate>
                <FailureNotice failure/>
                <Field label=Signal::derive(tr!("console.keys.name")) name="name" value=name required=true error=fault("name")/>
                <fieldset class="stack"><legend class="field-label">{tr!("console.keys.rights")}</legend>{choices}</fieldset>
                <Field label=Signal::derive(tr!("console.keys.networks")) kind="area" name="networks" value=networks
                    hint=Signal::derive(tr!("console.keys.networks_hint"))/>
                <Field label=Signal::derive(tr!("console.keys.expires")) kind="date" name="expires" value=expires error=fault("expires_at")/>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy disabled=Signal::derive(move || chosen().is_empty())>{tr!("console.keys.new")}</Button>
                </footer>
            </form>
        </Dialog>
    }
}

#[component]
fn Level(area: &'static str, level: RwSignal<String>) -> impl IntoView {
    let label = move || t!(&format!("console.permission_area.{area}"));
    let options = || {
        let words = ["none", "read", "write"];
        words.map(|level| (level.to_owned(), t!(&format!("console.keys.level_{level}")))).to_vec()
    };
    view! { <Select label=Signal::derive(label) value=level options=Signal::derive(options)/> }
}
