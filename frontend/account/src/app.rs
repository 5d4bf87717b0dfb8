//! Where everything is: the routes of the account.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;
use ui::{i18n, tr};

use crate::layout::Layout;
use crate::pages::activity::Activity;
use crate::pages::overview::Overview;
use crate::pages::privacy::Privacy;

/// The account.
#[component]
pub fn App() -> impl IntoView {
    // Another language draws everything anew: many words are read where they are used, once.
    let routes = || {
        view! {
            <Routes fallback=|| view! { <Missing/> }>
                <ParentRoute path=path!("/account") view=Layout>
                    <Route path=path!("") view=Overview/>
                    <Route path=path!("activity") view=Activity/>
                    <Route path=path!("privacy") view=Privacy/>
                </ParentRoute>
            </Routes>
        }
    };
    view! { <Router>{move || { let _ = i18n::locale(); routes() }}</Router> }
}

#[component]
fn Missing() -> impl IntoView {
    view! {
        <main class="empty" id="main">
            <h1>{tr!("account.missing.title")}</h1>
            <a class="button button-quiet" href="/account">{tr!("account.missing.back")}</a>
        </main>
    }
}
