//! What the browser's tab says.

use leptos::prelude::*;

/// Names the tab after the page. Draws nothing.
#[component]
pub fn Title(
    /// The name.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    Effect::new(move |_| document().set_title(&text.read()));
}
