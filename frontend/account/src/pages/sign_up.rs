//! Where everybody opens an account.

use contract::{ErrorCode, accounts};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use ui::components::{Agree, Agreement, Button, FailureNotice, Field, Kind};
use ui::{Failure, api, i18n, t, words};

use super::frame::{Frame, SendAgain, go_on_when_signed_in, on_the_way};

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    email: RwSignal<String>,
    password: RwSignal<String>,
    agreement: Agreement,
}

impl Draft {
    /// The way here may name the address: that of an invitation.
    fn new() -> Self {
        let invited = use_query_map().read_untracked().get("email").unwrap_or_default();
        let empty = || RwSignal::new(String::new());
        Self { name: empty(), email: RwSignal::new(invited), password: empty(), agreement: Agreement::new() }
    }

    fn track(self) {
        self.name.track();
        self.email.track();
        self.password.track();
        self.agreement.track();
    }

    /// What is sent; none while what has to be agreed to is not.
    fn person(self) -> Option<accounts::SignUp> {
        Some(accounts::SignUp {
            accepted: self.agreement.accepted()?,
            email: self.email.get_untracked().trim().to_owned(),
            password: self.password.get_untracked(),
            name: self.name.get_untracked().trim().to_owned(),
            locale: i18n::locale_untracked(),
        })
    }
}

/// The page at `/account/sign-up`.
#[component]
pub fn SignUp() -> impl IntoView {
    go_on_when_signed_in();
    let draft = Draft::new();
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One key for each thing that was sent: a form that was mended is a new wish.
    let intent = Memo::new(move |_| {
        draft.track();
        api::new_intent()
    });
    let sent = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(person) = draft.person() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = api::people::sign_up(&person, &intent.get_untracked()).await;
            busy.try_set(false);
            sent.try_set(answer.is_ok());
            if answer.as_ref().is_err_and(|why| why.code() == Some(ErrorCode::PolicyOutdated)) {
                draft.agreement.ask_again();
            }
            failure.try_set(answer.err());
        });
    };
    view! {
        <Frame title=words("actions.sign_up")>
            <Show when=move || sent.get()><Sent email=draft.email/></Show>
            <form on:submit=send hidden=move || sent.get()>
                <h1>{words("account.sign_up.title")}</h1>
                <p class="soft">{words("account.sign_up.text")}</p>
                <FailureNotice failure/>
                <Fields draft failure/>
                <Button kind=Kind::Primary busy class="button-wide">{words("account.sign_up.go")}</Button>
                <p class="soft">{words("account.sign_up.have")} " " <a href=move || on_the_way("/account/sign-in")>{words("actions.sign_in")}</a></p>
            </form>
        </Frame>
    }
}

#[component]
fn Fields(draft: Draft, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|failure| failure.field(field)))
    };
    let Draft { name, email, password, agreement } = draft;
    view! {
        <Field label=words("account.sign_up.name") name="name" autocomplete="name" value=name required=true error=fault("name")/>
        <Field label=words("account.sign_up.email") name="email" kind="email" autocomplete="username" value=email required=true error=fault("email")/>
        <Field label=words("account.sign_up.password") name="password" kind="password" autocomplete="new-password" value=password
            required=true hint=words("account.sign_up.password_hint") error=fault("password")/>
        <Agree agreement/>
    }
}

/// What to do next: the answer is in the mail.
#[component]
fn Sent(email: RwSignal<String>) -> impl IntoView {
    view! {
        <section class="sign-in-told" aria-live="polite">
            <h1>{words("account.sign_up.sent")}</h1>
            <p>{move || t!("account.sign_up.sent_text", email = email.get())}</p>
            <SendAgain email again="account.sign_up.again" done="account.sign_up.sent_again"/>
        </section>
    }
}
