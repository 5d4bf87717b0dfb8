//! Where everything is: the routes of the account.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;
use ui::components::ConfirmIdentity;
use ui::{i18n, tr};

use crate::layout::Layout;
use crate::pages::activity::Activity;
use crate::pages::authorise::Authorise;
use crate::pages::connections::Connections;
use crate::pages::devices::Devices;
use crate::pages::invitation::InvitationPage;
use crate::pages::notices::Notices;
use crate::pages::overview::Overview;
use crate::pages::password::Password;
use crate::pages::policies::Policies;
use crate::pages::privacy::Privacy;
use crate::pages::reset::Reset;
use crate::pages::security::Security;
use crate::pages::sign_in::SignIn;
use crate::pages::sign_on::SignOn;
use crate::pages::sign_up::SignUp;
use crate::pages::verify::Verify;

/// The account.
#[component]
pub fn App() -> impl IntoView {
    // Another language draws everything anew: many words are read where they are used, once.
    let routes = || {
        view! {
            <Routes fallback=|| view! { <Missing/> }>
                <Route path=path!("/account/sign-in") view=SignIn/>
                <Route path=path!("/account/sign-on") view=SignOn/>
                <Route path=path!("/account/sign-up") view=SignUp/>
                <Route path=path!("/account/verify") view=Verify/>
                <Route path=path!("/account/reset") view=Reset/>
                <Route path=path!("/account/invitation") view=InvitationPage/>
                <Route path=path!("/account/policies") view=Policies/>
                <Route path=path!("/account/authorise") view=Authorise/>
                <ParentRoute path=path!("/account") view=Layout>
                    <Route path=path!("") view=Overview/>
                    <Route path=path!("password") view=Password/>
                    <Route path=path!("devices") view=Devices/>
                    <Route path=path!("security") view=Security/>
                    <Route path=path!("connections") view=Connections/>
                    <Route path=path!("notices") view=Notices/>
                    <Route path=path!("activity") view=Activity/>
                    <Route path=path!("privacy") view=Privacy/>
                </ParentRoute>
            </Routes>
        }
    };
    view! { <Router>{move || { let _ = i18n::locale(); routes() }}</Router><ConfirmIdentity/> }
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
