//! What stands around every page of the console: the rail, the top bar, the palette and the keys.

mod area;
mod keys;
mod palette;
mod top_bar;

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use ui::{session, tr};
use wasm_bindgen::JsCast;

pub use area::{Area, allowed};
use keys::{Shortcuts, travel_by_keys};
use palette::Palette;
pub use top_bar::OrganisationSwitch;
use top_bar::TopBar;

/// Lays the rail and the top bar around a page; sends guests to sign in.
#[component]
pub fn Shell() -> impl IntoView {
    let palette = RwSignal::new(false);
    let shortcuts = RwSignal::new(false);
    let menu = RwSignal::new(false);
    travel_by_keys(palette, shortcuts);
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        menu.set(false);
    });
    view! {
        <Protected>
            <div class="shell" class:shell-menu-open=move || menu.get()>
                <button type="button" class="skip" on:click=|_| focus_main()>{tr!("actions.skip")}</button>
                <Rail/>
                <div class="shell-page">
                    <TopBar palette=palette shortcuts=shortcuts menu=menu/>
                    <main class="desk" id="main" tabindex="-1"><Outlet/></main>
                </div>
                <Show when=move || palette.get()><Palette open=palette/></Show>
                <Show when=move || shortcuts.get()><Shortcuts open=shortcuts/></Show>
            </div>
        </Protected>
    }
}

/// Shows its children to people who are signed in, and sends others to sign in and back.
#[component]
pub fn Protected(children: ChildrenFn) -> impl IntoView {
    Effect::new(move |_| {
        if !session::signed_in() {
            session::ask_to_sign_in();
        }
    });
    view! { <Show when=session::signed_in>{children()}</Show> }
}

#[component]
fn Rail() -> impl IntoView {
    let path = use_location().pathname;
    let row = move |area: Area| {
        let current = move || path.with(|path| path.starts_with(area.path)).then_some("page");
        view! {
            <li>
                <a href=area.path class="rail-link" aria-current=current>
                    <svg class="rail-sign" viewBox="0 0 20 20" aria-hidden="true"><path d=area.sign/></svg>
                    <span>{move || ui::t!(&format!("console.nav.{}", area.name))}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="rail" aria-label=tr!("console.nav.label")>
            <a class="wordmark" href="/console/events"><span class="wordmark-corners" aria-hidden="true"></span>"Ringside"</a>
            <ul>{move || allowed().map(row).collect_view()}</ul>
            <a class="rail-link rail-shop" href="/" rel="external">
                <svg class="rail-sign" viewBox="0 0 20 20" aria-hidden="true"><path d="M8 4H4v12h12v-4 M11 3h6v6 M17 3l-8 8"/></svg>
                <span>{tr!("console.nav.shop")}</span>
            </a>
        </nav>
    }
}

/// What a person sees where their role does not reach.
#[component]
pub fn NotAllowed() -> impl IntoView {
    view! {
        <div class="empty">
            <h1>{tr!("console.not_allowed.title")}</h1>
            <p>{tr!("console.not_allowed.text")}</p>
            <a class="button" href="/console">{tr!("console.not_allowed.back")}</a>
        </div>
    }
}

/// Past the rail and the bar, to what the page is about.
fn focus_main() {
    let main =
        document().get_element_by_id("main").and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(main) = main {
        // The page's main part takes the focus; where it does not, the next Tab still leads on.
        let _ = main.focus();
    }
}
