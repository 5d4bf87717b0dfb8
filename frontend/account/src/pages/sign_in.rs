//! Where everybody signs in, fan or staff.

use contract::ErrorCode;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Button, FailureNotice, Field, Kind};
use ui::{Failure, session, words};

use super::frame::{Frame, SendAgain, go_on_when_signed_in, on_the_way};

/// The page at `/account/sign-in`; goes on to where the person came from.
#[component]
pub fn SignIn() -> impl IntoView {
    go_on_when_signed_in();
    view! {
        <Frame title=words("account.sign_in.title")>
            <Credentials/>
        </Frame>
    }
}

/// The first step: address and password.
#[component]
fn Credentials() -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let address = email.get_untracked().trim().to_owned();
            let answer = session::sign_in(address, password.get_untracked()).await;
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    view! {
        <form on:submit=send>
            <h1>{words("account.sign_in.title")}</h1>
            <p class="soft">{words("account.sign_in.text")}</p>
            <FailureNotice failure/>
            <Show when=move || failure.read().as_ref().and_then(Failure::code) == Some(ErrorCode::AddressUnverified)>
                <p>{words("account.sign_in.unverified")}</p>
                <SendAgain email again="account.sign_in.resend" done="account.sign_in.resent"/>
            </Show>
            <Field label=words("account.sign_in.email") value=email kind="email" name="email" autocomplete="username" required=true/>
            <Field label=words("account.sign_in.password") value=password kind="password" name="password"
                autocomplete="current-password" required=true/>
            <Button kind=Kind::Primary busy class="button-wide">{words("account.sign_in.go")}</Button>
            <p class="soft"><a href="/account/reset">{words("account.sign_in.forgot")}</a></p>
            <p class="soft">{words("account.sign_in.none")} " " <a href=move || on_the_way("/account/sign-up")>{words("actions.sign_up")}</a></p>
        </form>
    }
}
