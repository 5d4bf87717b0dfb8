//! Making a key: nothing, reading, or reading and changing, area by area.

use chrono::NaiveDate;
use contract::{
    Page,
    keys::{ApiKey, CreateApiKey},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Kind},
    session, t, tr,
};

use super::shown_of;
use crate::pages::access::levels::{choices, chosen, levels_of};
use crate::pages::access::networks::lines;
use crate::pages::access::secret::Shown;
use crate::parts::dialog::Dialog;

#[component]
pub fn Create(
    open: RwSignal<bool>,
    keys: Fetched<Page<ApiKey>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let own = StoredValue::new(session::membership().map(|own| own.permissions).unwrap_or_default());
    let (name, networks, expires) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let levels = StoredValue::new(own.with_value(|own| levels_of(own, &[])));
    let chosen = move || own.with_value(|own| levels.with_value(|levels| chosen(levels, own)));
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
                    shown.try_set(Some(shown_of(new)));
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
    let choices = levels.with_value(|levels| choices(levels));
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
