//! Who is signed in, and the way to sign in for those who are not.

use leptos::prelude::*;
use ui::components::Title;
use ui::{session, t, words};

/// The page at `/account`.
#[component]
pub fn Overview() -> impl IntoView {
    view! {
        <Title text=words("account.nav.overview")/>
        {move || match session::me() {
            Some(me) => view! {
                <h1>{me.name}</h1>
                <p class="soft">{me.email}</p>
            }.into_any(),
            None => view! {
                <h1>{t!("account.nav.overview")}</h1>
                <a class="button button-primary" href="/sign-in?next=/account" rel="external">{t!("actions.sign_in")}</a>
            }.into_any(),
        }}
    }
}
