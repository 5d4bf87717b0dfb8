//! Who is signed in.

use leptos::prelude::*;
use ui::components::Title;
use ui::{session, words};

/// The page at `/account`.
#[component]
pub fn Overview() -> impl IntoView {
    let me = move |read: fn(contract::accounts::Me) -> String| session::me().map(read).unwrap_or_default();
    view! {
        <Title text=words("account.nav.overview")/>
        <h1>{move || me(|me| me.name)}</h1>
        <p class="soft">{move || me(|me| me.email)}</p>
    }
}
