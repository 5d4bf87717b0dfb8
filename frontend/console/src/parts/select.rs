//! A choice of one among several.

use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::prelude::*;

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A labelled choice; `options` are values with their words.
#[component]
pub fn Select(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The value chosen.
    value: RwSignal<String>,
    /// Values and words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// It cannot be changed just now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = format!("select-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let rows = move || {
        let current = value.get();
        let row = move |(name, words): (String, String)| {
            let selected = name == current;
            view! { <option value=name selected=selected>{words}</option> }
        };
        options.get().into_iter().map(row).collect_view()
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <select id=id class="field-input" disabled=disabled prop:value=value
                on:change=move |event| value.set(event_target_value(&event))>{rows}</select>
            <p class="field-error" role="alert">{move || error.get()}</p>
        </div>
    }
}
