//! Registering an application, or changing one.

use contract::{
    Page,
    oauth::{ClientGrant, ClientKind, CreateOauthClient, OauthClient, UpdateOauthClient},
};
use domain::Permission;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Kind},
    session, t, tr,
};

use super::shown_of;
use crate::pages::access::levels::{Levels, chosen, levels_of};
use crate::pages::access::networks::lines;
use crate::pages::access::secret::Shown;
use crate::parts::{dialog::Dialog, select::Select};

/// What the form is filled with.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    kind: RwSignal<String>,
    redirects: RwSignal<String>,
    sign_in: RwSignal<String>,
    itself: RwSignal<String>,
    identity: RwSignal<String>,
    lasting: RwSignal<String>,
    levels: StoredValue<Levels>,
}

fn yes(is: bool) -> RwSignal<String> {
    RwSignal::new(if is { "yes" } else { "no" }.to_owned())
}

fn says_yes(signal: RwSignal<String>) -> bool {
    signal.with(|text| text == "yes")
}

impl Draft {
    fn of(client: Option<&OauthClient>) -> Self {
        let own = session::membership().map(|own| own.permissions).unwrap_or_default();
        let has = |grant| client.is_none_or(|client| client.grants.contains(&grant));
        let scope = |name: &str| client.is_none_or(|client| client.scopes.iter().any(|own| own == name));
        let held: Vec<Permission> = client
            .map(|client| client.scopes.iter().filter_map(|name| Permission::from_name(name)).collect())
            .unwrap_or_default();
        let kind = match client.map(|client| client.kind) {
            Some(ClientKind::Public) => "public",
            _ => "confidential",
        };
        Self {
            name: RwSignal::new(client.map(|client| client.name.clone()).unwrap_or_default()),
            kind: RwSignal::new(kind.to_owned()),
            redirects: RwSignal::new(
                client.map(|client| client.redirect_uris.join("\n")).unwrap_or_default(),
            ),
            sign_in: yes(has(ClientGrant::AuthorizationCode)),
            itself: yes(client.is_some_and(|client| client.grants.contains(&ClientGrant::ClientCredentials))),
            identity: yes(scope("profile")),
            lasting: yes(client.is_some() && scope("offline_access")),
            levels: StoredValue::new(levels_of(&own, &held)),
        }
    }

    /// What is wished. Tracks.
    fn wish(self) -> UpdateOauthClient {
        let own = session::membership().map(|own| own.permissions).unwrap_or_default();
        let (signs_in, lasting) = (says_yes(self.sign_in), says_yes(self.lasting));
        let mut grants = Vec::new();
        let mut scopes = Vec::new();
        if signs_in {
            grants.push(ClientGrant::AuthorizationCode);
            scopes.push("openid".to_owned());
            if says_yes(self.identity) {
                scopes.extend(["profile", "email"].map(str::to_owned));
            }
            if lasting {
                grants.push(ClientGrant::RefreshToken);
                scopes.push("offline_access".to_owned());
            }
        }
        if says_yes(self.itself) && self.kind.with(|kind| kind == "confidential") {
            grants.push(ClientGrant::ClientCredentials);
        }
        let rights = self.levels.with_value(|levels| chosen(levels, &own));
        scopes.extend(rights.iter().map(|right| right.name().to_owned()));
        let redirect_uris = if signs_in { lines(&self.redirects.get()) } else { Vec::new() };
        UpdateOauthClient { name: self.name.get().trim().to_owned(), redirect_uris, grants, scopes }
    }

    fn kind(self) -> ClientKind {
        if self.kind.with(|kind| kind == "public") { ClientKind::Public } else { ClientKind::Confidential }
    }
}

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
    view! {
        <Dialog open title>
            <form on:submit=send novalidate>
                <FailureNotice failure/>
                <Fields draft failure is_new/>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy disabled=Signal::derive(move || wish.with(|wish| wish.0.scopes.is_empty()))>
                        {tr!("actions.save")}
                    </Button>
                </footer>
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
        Signal::derive(move || failure.get().and_then(|failure| failure.field(field)))
    };
    let kinds = || {
        let words = ["confidential", "public"];
        words.map(|kind| (kind.to_owned(), t!(&format!("console.applications.kind_{kind}")))).to_vec()
    };
    let choice = |value: RwSignal<String>, key: &'static str| {
        let options = || {
            ["no", "yes"].map(|word| (word.to_owned(), t!(&format!("console.applications.{word}")))).to_vec()
        };
        view! { <Select label=Signal::derive(tr!(key)) value options=Signal::derive(options)/> }
    };
    let rights = draft.levels.with_value(|levels| crate::pages::access::levels::choices(levels));
    view! {
        <Field label=Signal::derive(tr!("console.applications.name")) name="name" value=draft.name required=true error=fault("name")/>
        {is_new.then(|| view! {
            <Select label=Signal::derive(tr!("console.applications.kind")) value=draft.kind options=Signal::derive(kinds)/>
        })}
        {choice(draft.sign_in, "console.applications.sign_in")}
        <Show when=move || says_yes(draft.sign_in)>
            <Field label=Signal::derive(tr!("console.applications.redirects")) kind="area" name="redirects" value=draft.redirects
                hint=Signal::derive(tr!("console.applications.redirects_hint")) error=fault("redirect_uris[0]")/>
            {choice(draft.identity, "console.applications.identity_some")}
            {choice(draft.lasting, "console.applications.lasting")}
        </Show>
        <Show when=move || draft.kind.with(|kind| kind == "confidential")>
            {choice(draft.itself, "console.applications.itself")}
        </Show>
        <fieldset class="stack"><legend class="field-label">{tr!("console.applications.rights")}</legend>{rights}</fieldset>
    }
}
