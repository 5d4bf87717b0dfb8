//! What stands above and below every page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_navigate};
use ui::components::{Glyph, Icon, LanguageSwitch, ThemeSwitch};
use ui::{session, words};

/// The name of the shop, the way to one's tickets, language and look.
#[component]
pub fn Header() -> impl IntoView {
    let location = use_location();
    let bare = Memo::new(move |_| location.pathname.with(|path| path.ends_with("/seats")));
    view! {
        <header class="header" class:header-bare=bare>
            <div class="header-inner">
                <a href="/" class="wordmark" aria-label="Ringside">
                    <svg viewBox="0 0 40 40" aria-hidden="true">
                        <path d="M4 4h16v32H4z" fill="var(--mark-red)" />
                        <path d="M20 4h16v32H20z" fill="var(--mark-blue)" />
                        <path d="M4 13h32M4 20h32M4 27h32" stroke="var(--canvas)" stroke-width="2.5" />
                    </svg>
                    <span>"Ringside"</span>
                </a>
                <nav class="header-nav" aria-label="Ringside">
                    <Account />
                    <LanguageSwitch />
                    <ThemeSwitch />
                </nav>
            </div>
        </header>
    }
}

#[component]
fn Account() -> impl IntoView {
    let navigate = use_navigate();
    let location = use_location();
    let leave = StoredValue::new_local(move || {
        let navigate = navigate.clone();
        spawn_local(async move {
            session::sign_out().await;
            navigate("/", leptos_router::NavigateOptions::default());
        });
    });
    move || {
        if session::signed_in() {
            view! {
                <a href="/my/tickets" class="header-link">
                    <Icon glyph=Glyph::Ticket />
                    <span>{words("shop.nav.my_tickets")}</span>
                </a>
                <button type="button" class="header-link" on:click=move |_| leave.with_value(|leave| leave())>
                    <Icon glyph=Glyph::Person />
                    <span>{words("actions.sign_out")}</span>
                </button>
            }
            .into_any()
        } else {
            view! {
                <a href=move || session::sign_in_address(&location.pathname.get()) rel="external" class="header-link">
                    <Icon glyph=Glyph::Person />
                    <span>{words("actions.sign_in")}</span>
                </a>
            }
            .into_any()
        }
    }
}

/// A quiet end of the page.
#[component]
pub fn Footer() -> impl IntoView {
    let location = use_location();
    let shown = Memo::new(move |_| location.pathname.with(|path| !path.ends_with("/seats")));
    move || {
        shown.get().then(|| {
            view! {
                <footer class="footer">
                    <div class="page spread">
                        <p class="small">{words("shop.footer.promise")}</p>
                        <a class="small" href="/console/" rel="external">{words("shop.footer.staff")}</a>
                    </div>
                </footer>
            }
        })
    }
}
