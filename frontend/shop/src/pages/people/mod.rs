//! Accounts: signing in and up.

mod sign_in;
mod sign_up;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub use sign_in::SignIn;
pub use sign_up::SignUp;

/// Where the person wanted to go: a path of this site, never an address elsewhere.
fn destination() -> Signal<String> {
    let query = use_query_map();
    Signal::derive(move || {
        let next = query.read().get("next").unwrap_or_default();
        if next.starts_with('/') && !next.starts_with("//") { next } else { "/my/tickets".to_owned() }
    })
}

/// The address to begin with, where the way here names one: that of an invitation.
fn address() -> String {
    use_query_map().read_untracked().get("email").unwrap_or_default()
}

/// Goes where the person wanted to: the account and the console are apps of their own.
fn leave_for(navigate: &impl Fn(&str, leptos_router::NavigateOptions), next: &str) {
    if ["/account", "/console"].iter().any(|app| next.starts_with(app)) {
        // A page that cannot be left stays: the person is signed in and sees so.
        let _ = window().location().set_href(next);
    } else {
        navigate(next, leptos_router::NavigateOptions::default());
    }
}

/// The other of the two pages, which leads on to the same place.
fn way(page: &str, next: &str) -> String {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    format!("{page}?next={}&email={}", encode(next), encode(&address()))
}
