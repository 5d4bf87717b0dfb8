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
