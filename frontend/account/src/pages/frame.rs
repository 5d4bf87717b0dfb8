//! The poster and the card beside it: what stands around the pages for those who are not signed in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use ui::browser::leave_for;
use ui::components::{Button, FailureNotice, LanguageSwitch, ThemeSwitch, Title};
use ui::{Failure, api, session, words};

/// Where people go who came without an address to go on to.
const HOME: &str = "/account";

/// Where the person goes on to: a path of this site, never an address elsewhere. Tracks.
pub fn next() -> String {
    let wish = use_query_map().read().get("next").unwrap_or_default();
    domain::own_path(&wish).unwrap_or(HOME).to_owned()
}

/// An address of this app that goes on to where the person goes on to now. Tracks.
pub fn on_the_way(path: &str) -> String {
    format!("{path}?next={}", js_sys::encode_uri_component(&next()))
}

/// Goes on as soon as somebody is signed in. All of the page is loaded anew: the next one may be another
/// app's, whose session the cookie restores.
pub fn go_on_when_signed_in() {
    let next = Memo::new(move |_| next());
    Effect::new(move |_| {
        if session::signed_in() {
            leave_for(&next.get_untracked());
        }
    });
}

/// The frame.
#[component]
pub fn Frame(
    /// What the tab says.
    #[prop(into)]
    title: Signal<String>,
    /// The card.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title/>
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
                <div class="sign-in-body">{children()}</div>
                <p class="soft sign-in-shop"><a href="/" rel="external">{words("account.nav.shop")}</a></p>
            </main>
        </div>
    }
}

/// A button that sends the letter with the address's proof once more, and says so.
#[component]
pub fn SendAgain(
    /// The address.
    email: RwSignal<String>,
    /// What the button says.
    again: &'static str,
    /// What is said afterwards.
    done: &'static str,
) -> impl IntoView {
    let (busy, sent, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::people::prove_again(email.get_untracked().trim().to_owned()).await;
            busy.try_set(false);
            sent.try_set(answer.is_ok());
            failure.try_set(answer.err());
        });
    };
    view! {
        <FailureNotice failure/>
        <p role="status" class="soft">{move || sent.get().then(|| ui::t!(done))}</p>
        <Button on_press=send busy>{words(again)}</Button>
    }
}
