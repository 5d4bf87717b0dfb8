//! A new password for those who forgot theirs: asking for the letter, and where its link leads.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Button, FailureNotice, Field, Kind, LinkButton};
use ui::{Failure, api, browser, words};

use super::frame::Frame;

/// The page at `/account/reset`, with or without what the letter's link carries.
#[component]
pub fn Reset() -> impl IntoView {
    let token = browser::take_fragment();
    view! {
        <Frame title=words("account.reset.ask_title")>
            {if token.is_empty() { view! { <Ask/> }.into_any() } else { view! { <Choose token/> }.into_any() }}
        </Frame>
    }
}

/// Asks for the letter.
#[component]
fn Ask() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let (busy, sent, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::people::ask_reset(email.get_untracked().trim().to_owned()).await;
            busy.try_set(false);
            sent.try_set(answer.is_ok());
            failure.try_set(answer.err());
        });
    };
    view! {
        <form on:submit=send>
            <h1>{words("account.reset.ask_title")}</h1>
            <p class="soft">{words("account.reset.ask_text")}</p>
            <FailureNotice failure/>
            <p role="status">{move || sent.get().then(|| ui::t!("account.reset.sent"))}</p>
            <Field label=words("account.sign_in.email") value=email kind="email" name="email" autocomplete="username" required=true/>
            <Button kind=Kind::Primary busy class="button-wide">{words("account.reset.ask")}</Button>
            <p class="soft"><a href="/account/sign-in">{words("account.verify.to_sign_in")}</a></p>
        </form>
    }
}

/// Chooses the password.
#[component]
fn Choose(token: String) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let token = StoredValue::new(token);
    let (busy, done, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::people::redeem_reset(token.get_value(), password.get_untracked()).await;
            busy.try_set(false);
            done.try_set(answer.is_ok());
            failure.try_set(answer.err());
        });
    };
    let fault = Signal::derive(move || failure.read().as_ref().and_then(|failure| failure.field("password")));
    view! {
        <Show when=move || done.get()>
            <section class="sign-in-told" role="status">
                <h1>{words("account.reset.title")}</h1>
                <p>{words("account.reset.done")}</p>
                <LinkButton href="/account/sign-in" kind=Kind::Primary>{words("account.verify.to_sign_in")}</LinkButton>
            </section>
        </Show>
        <form on:submit=send hidden=move || done.get()>
            <h1>{words("account.reset.title")}</h1>
            <p class="soft">{words("account.reset.text")}</p>
            <FailureNotice failure/>
            <Field label=words("account.password.new") value=password kind="password" name="password" autocomplete="new-password"
                required=true hint=words("account.sign_up.password_hint") error=fault/>
            <Button kind=Kind::Primary busy class="button-wide">{words("account.reset.go")}</Button>
            <p class="soft"><a href="/account/reset" rel="external">{words("account.reset.ask")}</a></p>
        </form>
    }
}
