//! A small number with a button on either side.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How many, from 0 to `most`.
#[component]
pub fn Stepper(
    /// What is counted.
    #[prop(into)]
    label: Signal<String>,
    /// How many.
    #[prop(into)]
    value: Signal<i32>,
    /// The most there can be.
    #[prop(into)]
    most: Signal<i32>,
    /// Called with the new number.
    #[prop(into)]
    on_change: Callback<i32>,
) -> impl IntoView {
    view! {
        <div class="stepper" role="group" aria-label=move || label.get()>
            <button type="button" aria-label=crate::i18n::words("actions.fewer") disabled=move || { value.get() <= 0 }
                on:click=move |_| on_change.run(value.get_untracked() - 1)>
                <Icon glyph=Glyph::Minus />
            </button>
            <output aria-live="polite">{move || value.get()}</output>
            <button type="button" aria-label=crate::i18n::words("actions.more") disabled=move || { value.get() >= most.get() }
                on:click=move |_| on_change.run(value.get_untracked() + 1)>
                <Icon glyph=Glyph::Plus />
            </button>
        </div>
    }
}
