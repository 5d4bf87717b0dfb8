//! A part of the form of a provider.

use leptos::prelude::*;
use ui::tr;

/// A part with its heading and what it is for.
#[component]
pub fn Part(
    /// The key of its heading.
    title: &'static str,
    /// The key of what it is for.
    text: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="form-part">
            <h3>{tr!(title)}</h3>
            <p class="soft">{tr!(text)}</p>
            {children()}
        </section>
    }
}
