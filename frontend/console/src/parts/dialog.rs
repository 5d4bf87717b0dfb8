//! A dialog over the page: the browser's own, which keeps the focus inside and closes on Escape.

use leptos::{html, prelude::*};
use ui::{
    components::{Glyph, Icon},
    tr,
};

/// Shows its children in a modal dialog for as long as `open` holds.
#[component]
pub fn Dialog(
    /// Set to false to close; becomes false when the person closes it.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: String,
    /// `drawer` for one at the side.
    #[prop(default = "dialog")]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let label = title.clone();
    dialog.on_load(|dialog| {
        if dialog.show_modal().is_err() {
            // An element that is not in the page yet cannot be modal; it is shown all the same.
            dialog.show();
        }
    });
    let close = move || open.set(false);
    view! {
        <dialog class=class node_ref=dialog aria-label=label on:close=move |_| close() on:mousedown=move |event| {
            let outside = event.target() == event.current_target();
            if outside {
                close();
            }
        }>
            <div class="dialog-inside">
                <header class="dialog-head">
                    <h2>{title}</h2>
                    <button type="button" class="icon-button" aria-label=tr!("actions.close") on:click=move |_| close()>
                        <Icon glyph=Glyph::Close/>
                    </button>
                </header>
                {children()}
            </div>
        </dialog>
    }
}
