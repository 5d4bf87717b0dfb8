//! Signing in.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use ui::components::{Button, FailureNotice, Field, Kind, Title};
use ui::{Failure, session, t, words};

use super::destination;

/// The page.
#[component]
pub fn SignIn() -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let next = destination();
    let navigate = StoredValue::new_local(use_navigate());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            failure.set(None);
            match session::sign_in(email.get_untracked().trim().to_owned(), password.get_untracked()).await {
                Ok(()) => navigate.with_value(|navigate| navigate(&next.get_untracked(), Default::default())),
                Err(problem) => failure.set(Some(problem)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Title text=words("actions.sign_in") />
        <div class="page"><div class="narrow">
            <h1>{words("shop.people.welcome")}</h1>
            <form class="stack" on:submit=send>
                <Field label=words("shop.checkout.email") name="email" kind="email" autocomplete="username" value=email required=true />
                <Field label=words("shop.people.password") name="password" kind="password" autocomplete="current-password" value=password required=true />
                <FailureNotice failure />
                <Button kind=Kind::Primary class="button-wide button-large" busy=busy>{words("actions.sign_in")}</Button>
            </form>
            <p class="aside">{words("shop.people.no_account")} " "
                <a href=move || format!("/sign-up?next={}", next.get())>{move || t!("actions.sign_up")}</a>
            </p>
        </div></div>
    }
}
