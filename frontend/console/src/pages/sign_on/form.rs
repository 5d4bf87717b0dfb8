//! Setting a provider up.

use contract::Page;
use contract::roles::RoleEntry;
use contract::sign_on::{
    IdentityProvider, OidcSettings, RoleChoice, RoleMapping, RoleRule, SamlSettings, WriteIdentityProvider,
};
use domain::Role;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Kind, Remote},
    fetched, session, t, tr,
};

use super::rules::{Rule, Rules};
use crate::pages::access::choice;
use crate::parts::{copy::CopyLine, dialog::Dialog, select::Select};

/// What is being written.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    /// Of a SAML provider, as it is: it is written by the API.
    saml: StoredValue<Option<SamlSettings>>,
    issuer: RwSignal<String>,
    client_id: RwSignal<String>,
    secret: RwSignal<String>,
    scopes: RwSignal<String>,
    enabled: RwSignal<bool>,
    jit: RwSignal<bool>,
    required: RwSignal<bool>,
    trusts: RwSignal<bool>,
    default: RwSignal<String>,
    claim: RwSignal<String>,
    rules: RwSignal<Vec<Rule>>,
}

/// How a choice stands in a select.
fn value_of(choice: RoleChoice) -> String {
    choice.custom_role.map_or_else(|| choice.role.name().to_owned(), |id| id.to_string())
}

/// The choice that stands for this value; the least role for what is none.
fn choice_of(value: &str) -> RoleChoice {
    let (role, custom_role) = choice::chosen(value).unwrap_or((Role::Client, None));
    RoleChoice { role, custom_role }
}

impl Draft {
    fn of(provider: Option<&IdentityProvider>) -> Self {
        let oidc = provider.and_then(|provider| provider.oidc.clone());
        let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        let on = |of: fn(&IdentityProvider) -> bool, usual| RwSignal::new(provider.map_or(usual, of));
        let roles = provider.map(|provider| provider.roles.clone());
        let rules = roles.iter().flat_map(|roles| &roles.rules);
        Self {
            name: text(provider.map(|provider| provider.name.clone())),
            saml: StoredValue::new(provider.and_then(|provider| provider.saml.clone())),
            issuer: text(oidc.as_ref().map(|oidc| oidc.issuer.clone())),
            client_id: text(oidc.as_ref().map(|oidc| oidc.client_id.clone())),
            secret: text(None),
            scopes: text(oidc.map(|oidc| oidc.scopes.join(" "))),
            enabled: on(|provider| provider.enabled, true),
            jit: on(|provider| provider.jit, true),
            required: on(|provider| provider.required, false),
            trusts: on(|provider| provider.trusts_second_factor, false),
            default: RwSignal::new(
                roles
                    .as_ref()
                    .map_or_else(|| Role::Client.name().to_owned(), |roles| value_of(roles.default)),
            ),
            rules: RwSignal::new(rules.map(|rule| Rule::of(&rule.value, value_of(rule.gives))).collect()),
            claim: text(roles.and_then(|roles| roles.claim)),
        }
    }

    /// What is sent. Tracks.
    fn wish(&self) -> WriteIdentityProvider {
        let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let rule = |rule: Rule| RoleRule {
            value: rule.value.get().trim().to_owned(),
            gives: choice_of(&rule.gives.get()),
        };
        WriteIdentityProvider {
            name: self.name.get().trim().to_owned(),
            enabled: self.enabled.get(),
            jit: self.jit.get(),
            required: self.required.get(),
            trusts_second_factor: self.trusts.get(),
            roles: RoleMapping {
                default: choice_of(&self.default.get()),
                claim: some(self.claim.get()),
                rules: self.rules.get().into_iter().map(rule).collect(),
            },
            oidc: self.saml.with_value(Option::is_none).then(|| OidcSettings {
                issuer: self.issuer.get().trim().to_owned(),
                client_id: self.client_id.get().trim().to_owned(),
                scopes: self.scopes.get().split_whitespace().map(str::to_owned).collect(),
            }),
            saml: self.saml.get_value(),
            client_secret: some(self.secret.get()),
        }
    }
}

/// The dialog.
#[component]
pub fn Edit(
    open: RwSignal<bool>,
    providers: Fetched<Vec<IdentityProvider>>,
    provider: Option<IdentityProvider>,
) -> impl IntoView {
    let title = provider.as_ref().map_or_else(|| t!("console.sign_on.new"), |provider| provider.name.clone());
    let roles = fetched(session::organisation, |_| async { staff::roles::list().await });
    let provider = StoredValue::new(provider);
    let form = move |roles: Signal<Page<RoleEntry>>| {
        let provider = provider.get_value();
        view! { <Form open providers provider roles/> }
    };
    view! { <Dialog open title><Remote of=roles view=form/></Dialog> }
}

#[component]
fn Form(
    open: RwSignal<bool>,
    providers: Fetched<Vec<IdentityProvider>>,
    provider: Option<IdentityProvider>,
    roles: Signal<Page<RoleEntry>>,
) -> impl IntoView {
    let draft = Draft::of(provider.as_ref());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| (draft.wish(), api::new_intent()));
    let id = StoredValue::new(provider.as_ref().map(|provider| provider.id.to_string()));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (wish, intent) = wish.get_untracked();
        spawn_local(async move {
            let answer = staff::sign_on::write(id.get_value().as_deref(), &wish, &intent).await;
            busy.try_set(false);
            if answer.is_ok() {
                providers.refetch();
                open.try_set(false);
            }
            failure.try_set(answer.err());
        });
    };
    // Owners are made by owners, never by a provider.
    let options = Signal::derive(move || {
        let mut options = choice::options(&roles.get().items);
        options.retain(|(value, _)| value != Role::Owner.name());
        options
    });
    let callback = provider.as_ref().map(|provider| provider.callback_url.clone());
    let callback = callback.unwrap_or_else(|| {
        let origin = window().location().origin().unwrap_or_default();
        format!("{origin}/api/v1/sign-on/callback")
    });
    let has_secret = provider.is_some_and(|provider| provider.has_secret);
    view! {
        <form class="stack" on:submit=send novalidate>
            <FailureNotice failure/>
            <CopyLine label=t!("console.sign_on.callback") text=callback/>
            <Reach draft failure has_secret/>
            <Select label=Signal::derive(tr!("console.sign_on.default")) value=draft.default options/>
            <Rules claim=draft.claim rules=draft.rules options/>
            <Toggle on=draft.jit words="console.sign_on.jit"/>
            <Toggle on=draft.required words="console.sign_on.required"/>
            <Toggle on=draft.trusts words="console.sign_on.trusts"/>
            <Toggle on=draft.enabled words="console.sign_on.enable"/>
            <footer class="dialog-foot"><Button kind=Kind::Primary busy>{tr!("console.sign_on.save")}</Button></footer>
        </form>
    }
}

/// How the provider is reached, and who we are to it.
#[component]
fn Reach(draft: Draft, failure: RwSignal<Option<Failure>>, has_secret: bool) -> impl IntoView {
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|failure| failure.field(field)))
    };
    let secret_hint = move || {
        if has_secret { t!("console.sign_on.secret_kept") } else { t!("console.sign_on.secret_hint") }
    };
    let name = view! {
        <Field label=Signal::derive(tr!("console.sign_on.name")) name="name" value=draft.name required=true error=fault("name")
            hint=Signal::derive(tr!("console.sign_on.name_hint"))/>
    };
    if let Some(saml) = draft.saml.get_value() {
        return view! { {name}<p><code>{saml.entity_id}</code></p> }.into_any();
    }
    view! {
        {name}
        <Field label=Signal::derive(tr!("console.sign_on.issuer")) name="issuer" kind="url" value=draft.issuer required=true
            error=fault("oidc.issuer") hint=Signal::derive(tr!("console.sign_on.issuer_hint"))/>
        <Field label=Signal::derive(tr!("console.sign_on.client_id")) name="client-id" value=draft.client_id required=true
            error=fault("oidc.client_id")/>
        <Field label=Signal::derive(tr!("console.sign_on.secret")) name="client-secret" kind="password" value=draft.secret
            autocomplete="off" hint=Signal::derive(secret_hint) error=fault("client_secret")/>
        <Field label=Signal::derive(tr!("console.sign_on.scopes")) name="scopes" value=draft.scopes
            hint=Signal::derive(tr!("console.sign_on.scopes_hint"))/>
    }
    .into_any()
}

#[component]
fn Toggle(on: RwSignal<bool>, words: &'static str) -> impl IntoView {
    view! {
        <label class="toggle">
            <input type="checkbox" prop:checked=on on:change=move |event| on.set(event_target_checked(&event))/>
            <span>{move || t!(words)}</span>
        </label>
    }
}
