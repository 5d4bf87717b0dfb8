//! Where staff sign in.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use ui::{
    Failure,
    components::{Button, FailureNotice, Field, Kind, LanguageSwitch, ThemeSwitch},
    session, t, tr,
};

/// The page at `/console/sign-in`; goes back to where the person came from.
#[component]
pub fn SignInPage() -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let query = use_query_map();
    let navigate = use_navigate();
    Effect::new(move |_| {
        if session::signed_in() {
            let back = query.with_untracked(|query| query.get("back"));
            // Only addresses of the console: never somebody else's.
            let back =
                back.filter(|path| path.starts_with("/console")).unwrap_or_else(|| "/console".to_owned());
            navigate(&back, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = session::sign_in(email.get_untracked(), password.get_untracked()).await;
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    view! {
        <div class="sign-in">
            <aside class="sign-in-poster" aria-hidden="true">
                <svg viewBox="0 0 400 400" preserveAspectRatio="xMidYMid slice">
                    <rect class="corner-red" x="0" y="0" width="200" height="400"/>
                    <rect class="corner-blue" x="200" y="0" width="200" height="400"/>
                    <g class="ropes">
                        <path d="M-20 120 L420 60 M-20 200 L420 140 M-20 280 L420 220 M-20 360 L420 300"/>
                    </g>
                </svg>
                <p class="sign-in-name">"Ringside"</p>
            </aside>
            <main class="sign-in-card" id="main">
                <header class="sign-in-top"><LanguageSwitch/><ThemeSwitch/></header>
                <form on:submit=send>
                    <h1>{tr!("console.sign_in.title")}</h1>
                    <p class="soft">{tr!("console.sign_in.text")}</p>
                    <FailureNotice failure=failure/>
                    <Field label=Signal::derive(tr!("console.sign_in.email")) value=email kind="email" name="email"
                        autocomplete="username" required=true/>
                    <Field label=Signal::derive(tr!("console.sign_in.password")) value=password kind="password" name="password"
                        autocomplete="current-password" required=true/>
                    <Button kind=Kind::Primary busy=busy class="button-wide">{tr!("console.sign_in.go")}</Button>
                </form>
                <p class="soft sign-in-shop"><a href="/" rel="external">{move || t!("console.nav.shop")}</a></p>
            </main>
        </div>
    }
}
