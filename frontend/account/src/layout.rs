//! What stands around every page of the account: the way back, the areas, language and look.

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use ui::components::{Bell, LanguageSwitch, ThemeSwitch};
use ui::{session, tr};

use crate::pages::ask::AskAgain;

/// The areas: address and the key of their name.
const AREAS: [(&str, &str); 8] = [
    ("/account", "overview"),
    ("/account/notices", "notices"),
    ("/account/security", "security"),
    ("/account/password", "password"),
    ("/account/devices", "devices"),
    ("/account/connections", "connections"),
    ("/account/activity", "activity"),
    ("/account/privacy", "privacy"),
];

/// The frame.
#[component]
pub fn Layout() -> impl IntoView {
    let area = |(address, name): (&'static str, &'static str)| {
        view! { <A href=address exact=address == "/account">{tr!(&format!("account.nav.{name}"))}</A> }
    };
    Effect::new(move |_| {
        if !session::signed_in() {
            session::ask_to_sign_in();
        }
    });
    view! {
        <a class="skip" href="#main">{tr!("actions.skip")}</a>
        <header class="account-top">
            <a href="/" rel="external" class="account-mark">"Ringside"</a>
            <span class="account-switches">
                <Show when=session::signed_in><Bell app="/account" all="/account/notices"/></Show>
                <LanguageSwitch/><ThemeSwitch/></span>
        </header>
        <div class="account-page">
            <nav class="account-areas" aria-label=tr!("account.nav.label")>{AREAS.map(area).collect_view()}</nav>
            <main id="main" tabindex="-1"><Show when=session::signed_in><AskAgain><Outlet/></AskAgain></Show></main>
        </div>
    }
}
