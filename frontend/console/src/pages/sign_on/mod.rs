//! Single sign-on: the organisation's mail domains, and the providers its people sign in by.

mod certificates;
mod claimed;
mod domains;
mod draft;
mod form;
mod kind;
mod oidc;
mod ours;
mod part;
mod provider;
mod providers;
mod rules;
mod saml;

use domain::Permission;
use leptos::prelude::*;
use ui::{session, tr};

use crate::shell::NotAllowed;
use domains::Domains;
use providers::Providers;

/// The page at `/console/sign-on`.
#[component]
pub fn SignOnPage() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::OrganisationRead) fallback=|| view! { <NotAllowed/> }>
            <header class="page-head">
                <div>
                    <h1>{tr!("console.sign_on.title")}</h1>
                    <p class="soft">{tr!("console.sign_on.text")}</p>
                </div>
            </header>
            <Domains/>
            <Providers/>
        </Show>
    }
}

/// Whether the person may change something here. Tracks.
fn may_change() -> bool {
    session::can(Permission::OrganisationManage)
}
