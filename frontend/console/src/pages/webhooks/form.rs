//! Setting an endpoint up, or changing one.

use contract::webhooks::{WebhookEndpoint, WebhookEventType, WriteWebhookEndpoint};
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    Failure,
    api::{self, staff},
    components::{Field, Toggle},
    t, tr,
};

use super::endpoints::{Desk, shown_of};
use crate::pages::access::secret::Shown;
use crate::parts::{dialog::Dialog, form_end::FormEnd, sending::Sending};

/// What the form is filled with.
#[derive(Clone, Copy)]
struct Draft {
    url: RwSignal<String>,
    description: RwSignal<String>,
    enabled: RwSignal<bool>,
    picked: StoredValue<Vec<(WebhookEventType, RwSignal<bool>)>>,
}

impl Draft {
    fn of(endpoint: Option<&WebhookEndpoint>, types: Vec<WebhookEventType>) -> Self {
        let listens = |name: &String| endpoint.is_some_and(|endpoint| endpoint.event_types.contains(name));
        let picked = types.into_iter().map(|event| {
            let on = RwSignal::new(listens(&event.name));
            (event, on)
        });
        Self {
            url: RwSignal::new(endpoint.map(|endpoint| endpoint.url.clone()).unwrap_or_default()),
            description: RwSignal::new(endpoint.map(|it| it.description.clone()).unwrap_or_default()),
            enabled: RwSignal::new(endpoint.is_none_or(|endpoint| endpoint.enabled)),
            picked: StoredValue::new(picked.collect()),
        }
    }

    /// What is wished. Tracks.
    fn wish(self) -> WriteWebhookEndpoint {
        let event_types = self.picked.with_value(|picked| {
            picked.iter().filter(|(_, on)| on.get()).map(|(event, _)| event.name.clone()).collect()
        });
        WriteWebhookEndpoint {
            url: self.url.get().trim().to_owned(),
            description: self.description.get().trim().to_owned(),
            event_types,
            enabled: self.enabled.get(),
        }
    }
}

#[component]
pub fn Form(open: RwSignal<bool>, endpoint: Option<WebhookEndpoint>, desk: Desk) -> impl IntoView {
    let draft = Draft::of(endpoint.as_ref(), desk.types.get_untracked().unwrap_or_default());
    let sending = Sending::new();
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| (draft.wish(), api::new_intent()));
    let id = endpoint.as_ref().map(|endpoint| endpoint.id.to_string());
    let is_new = id.is_none();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let ((wish, intent), id) = (wish.get_untracked(), id.clone());
        let work = async move { send_it(id.as_deref(), wish, &intent).await };
        sending.send(work, move |new| {
            desk.list.refetch();
            if new.is_some() {
                desk.shown.try_set(new);
            }
            open.try_set(false);
        });
    };
    let title = if is_new { t!("console.webhooks.new") } else { t!("console.webhooks.edit_title") };
    let nothing =
        Signal::derive(move || wish.with(|(wish, _)| wish.event_types.is_empty() || wish.url.is_empty()));
    view! {
        <Dialog open title class="dialog dialog-wide">
            <form on:submit=send novalidate>
                <Fields draft sending is_new/>
                <FormEnd failure=sending.failure busy=sending.busy open word="actions.save" disabled=nothing/>
            </form>
        </Dialog>
    }
}

/// Sets it up or changes it; what there is to show then.
async fn send_it(
    id: Option<&str>,
    wish: WriteWebhookEndpoint,
    intent: &str,
) -> Result<Option<Shown>, Failure> {
    match id {
        None => staff::webhooks::create(&wish, intent).await.map(|new| Some(shown_of(new))),
        Some(id) => staff::webhooks::update(id, &wish).await.map(|_| None),
    }
}

#[component]
fn Fields(draft: Draft, sending: Sending, is_new: bool) -> impl IntoView {
    let types = draft.picked.with_value(|picked| {
        let row = |(event, on): &(WebhookEventType, RwSignal<bool>)| {
            let (name, says) = (event.name.clone(), words_of(&event.name));
            view! {
                <div class="hook-pick">
                    <Toggle label=Signal::derive(move || name.clone()) value=*on/>
                    <span class="soft">{says}</span>
                </div>
            }
        };
        picked.iter().map(row).collect_view()
    });
    view! {
        <Field label=Signal::derive(tr!("console.webhooks.url")) kind="url" name="url" value=draft.url required=true
            hint=Signal::derive(tr!("console.webhooks.url_hint")) error=sending.fault("url")/>
        <Field label=Signal::derive(tr!("console.webhooks.description")) name="description" value=draft.description
            error=sending.fault("description")/>
        <fieldset class="hook-picks">
            <legend class="field-label">{tr!("console.webhooks.event_types")}</legend>
            {types}
        </fieldset>
        {(!is_new).then(|| view! {
            <Toggle label=Signal::derive(tr!("console.webhooks.enabled")) value=draft.enabled/>
        })}
    }
}

/// When an event type is sent, in the reader's language.
fn words_of(name: &str) -> impl Fn() -> String + use<> {
    let key = format!("console.webhooks.types.{}", name.replace('.', "_"));
    move || t!(&key)
}
