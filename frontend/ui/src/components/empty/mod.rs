//! Nothing here, and what to do about it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// An empty state.
#[component]
pub fn Empty(
    /// A sign for what would be here.
    glyph: Glyph,
    /// Says that nothing is here.
    #[prop(into)]
    title: Signal<String>,
    /// What to do next.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph />
            <p class="empty-title">{title}</p>
            {children.map(|children| children())}
        </div>
    }
}
