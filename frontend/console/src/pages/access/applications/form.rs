//! Registering an application, or changing one.

use contract::{
    Page,
    oauth::{ClientKind, CreateOauthClient, OauthClient, UpdateOauthClient},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Field, Toggle},
    t, tr,
};

use super::draft::Draft;
use super::shown_of;
use crate::pages::access::levels::choices;
use crate::pages::access::secret::Shown;
use crate::parts::{dialog::Dialog, form_end::FormEnd, select::Select};

#[component]
pub fn Form(
    open: RwSignal<bool>,
    client: Option<OauthClient>,
    list: Fetched<Page<OauthClient>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let draft = Draft::of(client.as_ref());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| (draft.wish(), draft.kind(), api::new_intent()));
    let id = client.as_ref().map(|client| client.id.to_string());
    let is_new = id.is_none();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let ((wish, kind, intent), id) = (wish.get_untracked(), id.clone());
        spawn_local(async move {
            let answer = send_it(id.as_deref(), wish, kind, &intent).await;
            busy.try_set(false);
            match answer {
                Ok(new) => {
                    list.refetch();
                    if new.is_some() {
                        shown.try_set(new);
                    }
                    open.try_set(false);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    let title = match &client {
        Some(client) => t!("console.applications.edit_title", name = client.name),
        None => t!("console.applications.new"),
    };
    let nothing = Signal::derive(move || wish.with(|wish| wish.0.scopes.is_empty()));
    view! {
        <Dialog open title class="dialog dialog-wide">
            <form on:submit=send novalidate>
                <Fields draft failure is_new/>
                <FormEnd failure busy open word="actions.save" disabled=nothing/>
            </form>
        </Dialog>
    }
}

/// Registers it or changes it; what there is to show then.
async fn send_it(
    id: Option<&str>,
    wish: UpdateOauthClient,
    kind: ClientKind,
    intent: &str,
) -> Result<Option<Shown>, Failure> {
    let Some(id) = id else {
        let UpdateOauthClient { name, redirect_uris, grants, scopes } = wish;
        let wish = CreateOauthClient { name, kind, redirect_uris, grants, scopes };
        return staff::applications::create(&wish, intent).await.map(|new| Some(shown_of(new)));
    };
    staff::applications::update(id, &wish).await.map(|_| None)
}

#[component]
fn Fields(draft: Draft, failure: RwSignal<Option<Failure>>, is_new: bool) -> impl IntoView {
    let fault = move |field: &'static str| {
        Signal::derive(move || {
            failure.with(|failure| failure.as_ref().and_then(|failure| failure.field_below(field)))
        })
    };
    let kinds = || {
        let words = ["confidential", "public"];
        words.map(|kind| (kind.to_owned(), t!(&format!("console.applications.kind_{kind}")))).to_vec()
    };
    let toggle = |on: RwSignal<bool>, words: &'static str| {
        view! { <Toggle label=Signal::derive(tr!(words)) value=on/> }
    };
    let rights = draft.levels.with_value(|levels| choices(levels));
    view! {
        <Field label=Signal::derive(tr!("console.applications.name")) name="name" value=draft.name required=true error=fault("name")/>
        {is_new.then(|| view! {
            <Select label=Signal::derive(tr!("console.applications.kind")) value=draft.kind options=Signal::derive(kinds)/>
        })}
        <fieldset class="toggles">
            {toggle(draft.sign_in, "console.applications.sign_in")}
            <Show when=move || draft.sign_in.get()>
                {toggle(draft.identity, "console.applications.identity_some")}
                {toggle(draft.lasting, "console.applications.lasting")}
            </Show>
            <Show when=move || draft.kind() == ClientKind::Confidential>
                {toggle(draft.itself, "console.applications.itself")}
            </Show>
        </fieldset>
        <Show when=move || draft.sign_in.get()>
            <Field label=Signal::derive(tr!("console.applications.redirects")) kind="area" name="redirects" value=draft.redirects required=true
                hint=Signal::derive(tr!("console.applications.redirects_hint")) error=fault("redirect_uris")/>
        </Show>
        <fieldset>
            <legend class="field-label">{tr!("console.applications.rights")}</legend>
            <div class="levels">{rights}</div>
        </fieldset>
    }
}
