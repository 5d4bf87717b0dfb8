//! Figures that come first: a number with its name.

use leptos::prelude::*;

/// A number with its name; it ticks when it changes.
#[component]
pub fn Score(
    /// What is counted.
    #[prop(into)]
    name: Signal<String>,
    /// The number.
    #[prop(into)]
    value: Signal<String>,
    /// For tests and styles.
    mark: &'static str,
    children: Children,
) -> impl IntoView {
    let value = Memo::new(move |_| value.get());
    view! {
        <article class="score-card" data-figure=mark>
            <h2 class="score-name">{name}</h2>
            <p class="score-number">{move || view! { <span class="tick">{value.get()}</span> }}</p>
            <div class="score-more">{children()}</div>
        </article>
    }
}
