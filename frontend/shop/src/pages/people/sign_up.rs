//! Opening an account.

use contract::accounts;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use ui::components::{Button, FailureNotice, Field, Kind, Title};
use ui::{Failure, api, i18n, session, words};

use super::destination;

/// The page.
#[component]
pub fn SignUp() -> impl IntoView {
    let (name, email, password) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let next = destination();
    let navigate = StoredValue::new_local(use_navigate());
    // One key for each thing that was sent: a form that was mended is a new wish.
    let intent = Memo::new(move |_| {
        name.track();
        email.track();
        password.track();
        api::new_intent()
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let person = accounts::SignUp {
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            name: name.get_untracked().trim().to_owned(),
            locale: untrack(i18n::locale),
            token_in_body: false,
        };
        spawn_local(async move {
            failure.set(None);
            match session::sign_up(&person, &intent.get_untracked()).await {
                Ok(()) => navigate.with_value(|navigate| navigate(&next.get_untracked(), Default::default())),
                Err(problem) => failure.set(Some(problem)),
            }
            busy.try_set(false);
        });
    };
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|failure| failure.field(field)))
    };
    view! {
        <Title text=words("actions.sign_up") />
        <div class="page"><div class="narrow">
            <h1>{words("shop.people.join")}</h1>
            <form class="stack" on:submit=send>
                <Field label=words("shop.checkout.name") name="name" autocomplete="name" value=name required=true error=fault("name") />
                <Field label=words("shop.checkout.email") name="email" kind="email" autocomplete="username" value=email required=true error=fault("email") />
                <Field label=words("shop.people.password") name="password" kind="password" autocomplete="new-password" value=password required=true
                    hint=words("shop.people.password_hint") error=fault("password") />
                <FailureNotice failure />
                <Button kind=Kind::Primary class="button-wide button-large" busy=busy>{words("actions.sign_up")}</Button>
            </form>
            <p class="aside">{words("shop.people.have_account")} " "
                <a href=move || format!("/sign-in?next={}", next.get())>{words("actions.sign_in")}</a>
            </p>
        </div></div>
    }
}
