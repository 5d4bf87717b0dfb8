//! A filter that is on or off.

use leptos::prelude::*;

/// A filter.
#[component]
pub fn Chip(
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Called when pressed.
    #[prop(into)]
    on_press: Callback<()>,
    /// Its word.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class="chip" aria-pressed=move || on.get().to_string() on:click=move |_| on_press.run(())>
            {children()}
        </button>
    }
}
