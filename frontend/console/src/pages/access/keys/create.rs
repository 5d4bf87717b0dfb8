//! Making a key: nothing, reading, or reading and changing, area by area.

use chrono::NaiveDate;
use contract::{
    Page,
    keys::{ApiKey, CreateApiKey},
};
use domain::Permission;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::Field,
    session, t, tr,
};

use super::shown_of;
use crate::pages::access::levels::{Levels, choices, chosen, levels_of};
use crate::pages::access::networks::lines;
use crate::pages::access::secret::Shown;
use crate::parts::{dialog::Dialog, form_end::FormEnd};

/// What the form is filled with.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    networks: RwSignal<String>,
    expires: RwSignal<String>,
    own: StoredValue<Vec<Permission>>,
    levels: StoredValue<Levels>,
}

impl Draft {
    fn new() -> Self {
        let own = session::membership().map(|own| own.permissions).unwrap_or_default();
        let empty = || RwSignal::new(String::new());
        let levels = StoredValue::new(levels_of(&own, &[]));
        Self { name: empty(), networks: empty(), expires: empty(), own: StoredValue::new(own), levels }
    }

    /// What the key may do. Tracks.
    fn rights(self) -> Vec<Permission> {
        self.own.with_value(|own| self.levels.with_value(|levels| chosen(levels, own)))
    }

    /// What is sent; the last day counts to its end. Tracks.
    fn wish(self) -> CreateApiKey {
        let day: Option<NaiveDate> = self.expires.get().parse().ok();
        CreateApiKey {
            name: self.name.get().trim().to_owned(),
            permissions: self.rights(),
            networks: lines(&self.networks.get()),
            expires_at: day.and_then(|day| day.and_hms_opt(23, 59, 59)).map(|end| end.and_utc()),
        }
    }
}

/// The dialog.
#[component]
pub fn Create(
    open: RwSignal<bool>,
    keys: Fetched<Page<ApiKey>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let draft = Draft::new();
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| (draft.wish(), api::new_intent()));
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
    let nothing = Signal::derive(move || draft.rights().is_empty());
    view! {
        <Dialog open title=t!("console.keys.new") class="dialog dialog-wide">
            <form on:submit=send novalidate>
                <Fields draft failure/>
                <FormEnd failure busy open word="console.keys.new" disabled=nothing/>
            </form>
        </Dialog>
    }
}

#[component]
fn Fields(draft: Draft, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.with(|it| it.as_ref().and_then(|it| it.field_below(field))))
    };
    let rights = draft.levels.with_value(|levels| choices(levels));
    view! {
        <Field label=Signal::derive(tr!("console.keys.name")) name="name" value=draft.name required=true error=fault("name")/>
        <fieldset>
            <legend class="field-label">{tr!("console.keys.rights")}</legend>
            <div class="levels">{rights}</div>
        </fieldset>
        <Field label=Signal::derive(tr!("console.keys.networks")) kind="area" name="networks" value=draft.networks
            hint=Signal::derive(tr!("console.keys.networks_hint")) error=fault("networks")/>
        <Field label=Signal::derive(tr!("console.keys.expires")) kind="date" name="expires" value=draft.expires error=fault("expires_at")/>
    }
}
