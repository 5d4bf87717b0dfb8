//! Where everybody opens an account.

use contract::{ErrorCode, accounts};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use ui::components::{Agree, Agreement, Button, FailureNotice, Field, Kind};
use ui::{Failure, api, i18n, t, words};

use super::frame::{Frame, SendAgain, go_on_when_signed_in, on_the_way};

/// The page at `/account/sign-up`.
#[component]
pub fn SignUp() -> impl IntoView {
    go_on_when_signed_in();
    // The way here may name the address: that of an invitation.
    let invited = use_query_map().read_untracked().get("email").unwrap_or_default();
    let (name, email, password) =
        (RwSignal::new(String::new()), RwSignal::new(invited), RwSignal::new(String::new()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let agreement = Agreement::new();
    // One key for each thing that was sent: a form that was mended is a new wish.
    let intent = Memo::new(move |_| {
        name.track();
        email.track();
        password.track();
        agreement.track();
        api::new_intent()
    });
    let sent = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(accepted) = agreement.accepted() else { return };
        busy.set(true);
        let person = accounts::SignUp {
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            name: name.get_untracked().trim().to_owned(),
            locale: i18n::locale_untracked(),
            accepted,
        };
        spawn_local(async move {
            let answer = api::people::sign_up(&person, &intent.get_untracked()).await;
            busy.try_set(false);
            sent.try_set(answer.is_ok());
            if answer.as_ref().is_err_and(|why| why.code() == Some(ErrorCode::PolicyOutdated)) {
                agreement.ask_again();
            }
            failure.try_set(answer.err());
        });
    };
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|failure| failure.field(field)))
    };
    view! {
        <Frame title=words("actions.sign_up")>
            <Show when=move || sent.get()><Sent email/></Show>
            <form on:submit=send hidden=move || sent.get()>
                <h1>{words("account.sign_up.title")}</h1>
                <p class="soft">{words("account.sign_up.text")}</p>
                <FailureNotice failure/>
                <Field label=words("account.sign_up.name") name="name" autocomplete="name" value=name required=true error=fault("name")/>
                <Field label=words("account.sign_up.email") name="email" kind="email" autocomplete="username" value=email required=true error=fault("email")/>
                <Field label=words("account.sign_up.password") name="password" kind="password" autocomplete="new-password" value=password
                    required=true hint=words("account.sign_up.password_hint") error=fault("password")/>
                <Agree agreement/>
                <Button kind=Kind::Primary busy class="button-wide">{words("account.sign_up.go")}</Button>
                <p class="soft">{words("account.sign_up.have")} " " <a href=move || on_the_way("/account/sign-in")>{words("actions.sign_in")}</a></p>
            </form>
        </Frame>
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
