//! Setting a source up, or changing one.

use contract::inbound::{InboundSource, WriteInboundSource};
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    Failure,
    api::{self, staff},
    components::{Field, Toggle},
    t, tr,
};

use super::draft::Draft;
use super::sources::{Desk, shown_of};
use crate::pages::access::secret::Shown;
use crate::parts::{dialog::Dialog, form_end::FormEnd, select::Select, sending::Sending};

#[component]
pub fn Form(open: RwSignal<bool>, source: Option<InboundSource>, desk: Desk) -> impl IntoView {
    let draft = Draft::of(source.as_ref());
    let sending = Sending::new();
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| (draft.wish(), api::new_intent()));
    let id = source.as_ref().map(|source| source.id.to_string());
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
    let title = if is_new { t!("console.inbound.new") } else { t!("console.inbound.edit_title") };
    view! {
        <Dialog open title class="dialog dialog-wide">
            <form on:submit=send novalidate>
                <Signed draft sending is_new/>
                <Mapped draft sending/>
                {(!is_new).then(|| view! {
                    <Toggle label=Signal::derive(tr!("console.inbound.enabled")) value=draft.enabled/>
                })}
                <FormEnd failure=sending.failure busy=sending.busy open word="actions.save"/>
            </form>
        </Dialog>
    }
}

/// Sets it up or changes it; what there is to show then.
async fn send_it(id: Option<&str>, wish: WriteInboundSource, intent: &str) -> Result<Option<Shown>, Failure> {
    match id {
        None => staff::inbound::create(&wish, intent).await.map(shown_of),
        Some(id) => staff::inbound::update(id, &wish).await.map(|_| None),
    }
}

/// What it is called and how it proves who it is.
#[component]
fn Signed(draft: Draft, sending: Sending, is_new: bool) -> impl IntoView {
    let kinds = || {
        ["standard_webhooks", "hmac", "bearer"]
            .map(|kind| (kind.to_owned(), t!(&format!("console.inbound.kinds.{kind}"))))
            .to_vec()
    };
    let encodings =
        || vec![("hex".to_owned(), t!("console.inbound.hex")), ("base64".to_owned(), "Base64".to_owned())];
    let hint = if is_new { "console.inbound.secret_new" } else { "console.inbound.secret_kept" };
    view! {
        <Field label=Signal::derive(tr!("console.inbound.name")) name="name" value=draft.name required=true error=sending.fault("name")/>
        <Select label=Signal::derive(tr!("console.inbound.kind")) value=draft.kind options=Signal::derive(kinds)/>
        <Show when=move || draft.kind.with(|kind| kind == "hmac")>
            <div class="editor-three">
                <Field label=Signal::derive(tr!("console.inbound.header")) name="header" value=draft.header required=true
                    error=sending.fault("signature.header")/>
                <Select label=Signal::derive(tr!("console.inbound.encoding")) value=draft.encoding options=Signal::derive(encodings)/>
                <Field label=Signal::derive(tr!("console.inbound.prefix")) name="prefix" value=draft.prefix/>
            </div>
        </Show>
        <Field label=Signal::derive(tr!("console.inbound.secret")) name="secret" value=draft.secret autocomplete="off"
            hint=Signal::derive(tr!(hint)) error=sending.fault("secret")/>
    }
}

/// Where in a message what we need stands.
#[component]
fn Mapped(draft: Draft, sending: Sending) -> impl IntoView {
    view! {
        <fieldset class="hook-picks">
            <legend class="field-label">{tr!("console.inbound.mapping")}</legend>
            <p class="soft">{tr!("console.inbound.mapping_text")}</p>
            <div class="editor-three">
                <Field label=Signal::derive(tr!("console.inbound.event_type")) name="event_type" value=draft.event_type required=true
                    error=sending.fault("mapping.event_type")/>
                <Field label=Signal::derive(tr!("console.inbound.key")) name="key" value=draft.key
                    error=sending.fault("mapping.idempotency_key")/>
                <Field label=Signal::derive(tr!("console.inbound.subject")) name="subject" value=draft.subject
                    error=sending.fault("mapping.subject")/>
            </div>
        </fieldset>
    }
}
