//! The top bar: organisation, search, connection, language, look, account.

use leptos::{prelude::*, task::spawn_local};
use ui::{
    components::{Bell, Button, ConnectionLight, Glyph, Icon, LanguageSwitch, ThemeSwitch},
    live::{self, Connection},
    session, t, this_browser, tr,
};

use crate::parts::words;

/// The bar over every page.
#[component]
pub fn TopBar(palette: RwSignal<bool>, shortcuts: RwSignal<bool>, menu: RwSignal<bool>) -> impl IntoView {
    view! {
        <header class="top-bar">
            <button type="button" class="icon-button top-menu" aria-label=tr!("console.menu")
                aria-expanded=move || menu.get().to_string() on:click=move |_| menu.update(|open| *open = !*open)>
                <Icon glyph=Glyph::Menu/>
            </button>
            <OrganisationSwitch/>
            <button type="button" class="search-field" on:click=move |_| palette.set(true)>
                <Icon glyph=Glyph::Search/>
                <span class="search-word">{tr!("console.search")}</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <div class="top-end">
                // Pages that hear nothing live have no connection to tell of.
                <Show when=|| live::connection() != Connection::Idle><ConnectionLight/></Show>
                <Bell app="/console" all="/console/notices"/>
                <LanguageSwitch/>
                <ThemeSwitch/>
                <button type="button" class="icon-button top-keys" aria-label=tr!("console.keyboard.title") on:click=move |_| shortcuts.set(true)>
                    <span aria-hidden="true">"?"</span>
                </button>
                <Account/>
            </div>
        </header>
    }
}

/// Chooses the organisation the person acts in.
#[component]
pub fn OrganisationSwitch() -> impl IntoView {
    let choose = move |event| {
        if let Ok(id) = event_target_value(&event).parse() {
            session::act_in(id);
        }
    };
    let options = move || {
        let memberships = session::me().map(|me| me.memberships).unwrap_or_default();
        let current = session::organisation();
        memberships
            .into_iter()
            .map(|membership| {
                let id = membership.organisation.id;
                view! { <option value=id.to_string() selected=current == Some(id)>{membership.organisation.name}</option> }
            })
            .collect_view()
    };
    view! {
        <label class="quiet-select organisation">
            <span class="unseen">{tr!("console.organisation")}</span>
            <select on:change=choose>{options}</select>
        </label>
    }
}

/// Signs out, and lets nobody be notified here any more.
pub async fn sign_out() {
    this_browser::forget().await;
    session::sign_out().await;
}

#[component]
fn Account() -> impl IntoView {
    let initials = move || {
        let name = session::me().map(|me| me.name).unwrap_or_default();
        name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect::<String>()
    };
    let name = move || session::me().map(|me| me.name).unwrap_or_default();
    let email = move || session::me().map(|me| me.email).unwrap_or_default();
    let role =
        move || session::membership().map(|membership| words::role(membership.role)).unwrap_or_default();
    view! {
        <details class="account">
            <summary>
                <span aria-hidden="true">{initials}</span>
                <span class="unseen">{move || t!("console.account", name = name())}</span>
            </summary>
            <div class="account-sheet">
                <p class="account-name">{name}</p>
                <p class="soft">{email}</p>
                <p class="soft">{role}</p>
                <LanguageSwitch/>
                <a class="button button-bare" href="/account" rel="external">{tr!("console.own_account")}</a>
                <Button on_press=|_| spawn_local(sign_out())>{tr!("console.sign_out")}</Button>
            </div>
        </details>
    }
}
