//! A drawer at the side with an address of its own: Escape and the cross lead back to the list.

use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use ui::{
    components::{Glyph, Icon},
    tr,
};

use super::listing::query_string;

/// Lays its children over the list at `back`.
#[component]
pub fn Drawer(
    /// What is in it.
    name: Signal<String>,
    /// Where it leads back to; filters are kept.
    back: &'static str,
    children: Children,
) -> impl IntoView {
    let query = query_string();
    let navigate = use_navigate();
    let close = StoredValue::new(move || {
        navigate(
            &format!("{back}{}", query.get_untracked()),
            NavigateOptions { scroll: false, ..NavigateOptions::default() },
        );
    });
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() {
            close.with_value(|close| close());
        }
    });
    on_cleanup(move || handle.remove());
    let panel = NodeRef::<html::Aside>::new();
    panel.on_load(|panel| {
        // The focus goes where the reader's attention is; one that refuses it is still read.
        let _ = panel.focus();
    });
    view! {
        <div class="drawer-veil" aria-hidden="true" on:click=move |_| close.with_value(|close| close())></div>
        <aside class="drawer" node_ref=panel tabindex="-1" aria-label=move || name.get()>
            <header class="drawer-head">
                <h2>{name}</h2>
                <button type="button" class="icon-button" aria-label=tr!("actions.close")
                    on:click=move |_| close.with_value(|close| close())>
                    <Icon glyph=Glyph::Close/>
                </button>
            </header>
            {children()}
        </aside>
    }
}
