//! Changing one's own password.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Button, FailureNotice, Field, Kind, Title};
use ui::{Failure, api, t, words};

/// The page at `/account/password`.
#[component]
pub fn Password() -> impl IntoView {
    let (old, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, done, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        done.set(false);
        spawn_local(async move {
            let answer = api::people::change_password(old.get_untracked(), new.get_untracked()).await;
            busy.try_set(false);
            if answer.is_ok() {
                old.try_set(String::new());
                new.try_set(String::new());
            }
            done.try_set(answer.is_ok());
            failure.try_set(answer.err());
        });
    };
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|failure| failure.field(field)))
    };
    view! {
        <Title text=words("account.password.title")/>
        <h1>{words("account.password.title")}</h1>
        <p class="soft">{words("account.password.text")}</p>
        <form class="account-form" on:submit=send>
            <FailureNotice failure/>
            <p role="status">{move || done.get().then(|| t!("account.password.done"))}</p>
            <Field label=words("account.password.old") value=old kind="password" name="old_password" autocomplete="current-password"
                required=true error=fault("old_password")/>
            <Field label=words("account.password.new") value=new kind="password" name="password" autocomplete="new-password"
                required=true hint=words("account.sign_up.password_hint") error=fault("password")/>
            <Button kind=Kind::Primary busy>{words("account.password.go")}</Button>
        </form>
    }
}
