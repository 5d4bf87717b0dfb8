//! Single sign-on: the organisation's mail domains, and the providers its people sign in by.

mod domains;
mod form;
mod providers;
mod rules;

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
            <header class="page-head"><h1>{tr!("console.sign_on.title")}</h1></header>
            <p class="soft">{tr!("console.sign_on.text")}</p>
            <Domains/>
            <Providers/>
        </Show>
    }
}

/// Whether the person may change something here. Tracks.
fn may_change() -> bool {
    session::can(Permission::OrganisationManage)
}
