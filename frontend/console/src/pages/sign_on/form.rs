//! Setting a provider up.

use contract::Page;
use contract::roles::RoleEntry;
use contract::sign_on::{IdentityProvider, ProviderKind};
use domain::Role;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Fetched,
    api::{self, staff},
    components::{Field, Remote, Toggle},
    fetched, session, t, tr,
};

use super::{
    draft::Draft,
    kind::KindChoice,
    oidc::OidcFields,
    ours::{Ours, Tell},
    part::Part,
    rules::Rules,
    saml::SamlFields,
};
use crate::pages::access::choice;
use crate::parts::{dialog::Dialog, form_end::FormEnd, select::Select};

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
    view! { <Dialog open title class="dialog dialog-wide"><Remote of=roles view=form/></Dialog> }
}

#[component]
fn Form(
    open: RwSignal<bool>,
    providers: Fetched<Vec<IdentityProvider>>,
    provider: Option<IdentityProvider>,
    roles: Signal<Page<RoleEntry>>,
) -> impl IntoView {
    let draft = Draft::of(provider.as_ref());
    let busy = RwSignal::new(false);
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
            draft.failure.try_set(answer.err());
        });
    };
    let ours = Ours::of(provider.as_ref(), draft.id);
    let fields = move || match draft.kind.get() {
        ProviderKind::Oidc => view! { <OidcFields draft/> }.into_any(),
        ProviderKind::Saml => view! { <SamlFields draft/> }.into_any(),
    };
    view! {
        <form on:submit=send novalidate>
            {(!draft.is_there).then(|| view! { <KindChoice kind=draft.kind/> })}
            <Field label=Signal::derive(tr!("console.sign_on.name")) name="name" value=draft.name required=true error=draft.name_fault()
                hint=Signal::derive(tr!("console.sign_on.name_hint"))/>
            <Tell ours kind=draft.kind/>
            <Part title="console.sign_on.theirs" text="console.sign_on.theirs_text">{fields}</Part>
            <Roles draft roles/>
            <Policy draft/>
            <FormEnd failure=draft.failure busy open word="console.sign_on.save"/>
        </form>
    }
}

/// Which role its people have.
#[component]
fn Roles(draft: Draft, roles: Signal<Page<RoleEntry>>) -> impl IntoView {
    // Owners are made by owners, never by a provider.
    let options = Signal::derive(move || {
        let mut options = choice::options(&roles.get().items);
        options.retain(|(value, _)| value != Role::Owner.name());
        options
    });
    view! {
        <Part title="console.sign_on.rules" text="console.sign_on.rules_text">
            <Select label=Signal::derive(tr!("console.sign_on.default")) value=draft.default options error=draft.fault("roles.default")/>
            <Rules claim=draft.claim rules=draft.rules options/>
        </Part>
    }
}

/// What the provider may do, and what it is worth.
#[component]
fn Policy(draft: Draft) -> impl IntoView {
    let toggle = |on: RwSignal<bool>, words: &'static str| {
        view! { <Toggle label=Signal::derive(tr!(words)) value=on/> }
    };
    view! {
        <Part title="console.sign_on.policy" text="console.sign_on.policy_text">
            <div class="toggles">
                {toggle(draft.jit, "console.sign_on.jit")}
                {toggle(draft.required, "console.sign_on.required")}
                {toggle(draft.trusts, "console.sign_on.trusts")}
                {toggle(draft.enabled, "console.sign_on.enable")}
            </div>
        </Part>
    }
}
