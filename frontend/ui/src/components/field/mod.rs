//! Fields of forms: a label, what is typed, a hint, and what is wrong beside it.

use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::prelude::*;

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A name for an element that no other has.
fn fresh_id() -> String {
    format!("field-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A line of text; `kind` is an HTML input type.
#[component]
pub fn Field(
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// What is typed.
    value: RwSignal<String>,
    /// `text`, `email`, `password`, `tel`, `number`, `datetime-local`, `search`; `area` for several lines.
    #[prop(optional, into, default = "text".to_owned())]
    kind: String,
    /// The HTML autocomplete token.
    #[prop(optional, into)]
    autocomplete: String,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Helps to fill it.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: bool,
    /// The name of the field in the form, for browsers and tests.
    #[prop(optional, into)]
    name: String,
    /// Called when the person leaves it.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let id = fresh_id();
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || {
            let ids = [error.with(Option::is_some).then(|| error_id.clone()), hint.map(|_| hint_id.clone())];
            let ids: Vec<_> = ids.into_iter().flatten().collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let invalid = Signal::derive(move || error.with(Option::is_some));
    let described = Signal::derive(described);
    let own = id.clone();
    let input = view! { <Input id=own name kind autocomplete required value invalid described on_leave /> };
    view! {
        <div class="field">
            <label for=id class="field-label">
                {label}
                {(!required).then(|| view! { <span class="field-optional">{crate::i18n::words("field.optional")}</span> })}
            </label>
            {input}
            {hint.map(|hint| view! { <p id=hint_id class="field-hint">{hint}</p> })}
            <p id=error_id class="field-error" role="alert">{move || error.get()}</p>
        </div>
    }
}

/// What is typed into: a line, or several.
#[component]
fn Input(
    id: String,
    name: String,
    kind: String,
    autocomplete: String,
    required: bool,
    value: RwSignal<String>,
    invalid: Signal<bool>,
    described: Signal<Option<String>>,
    #[prop(into)] on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let leave = move |_| {
        if let Some(on_leave) = on_leave {
            on_leave.run(());
        }
    };
    let typed = move |event| value.set(event_target_value(&event));
    let invalid = move || invalid.get().then_some("true");
    let described = move || described.get();
    if kind == "area" {
        return view! {
            <textarea id=id name=name class="field-input" rows="5" required=required aria-invalid=invalid
                aria-describedby=described prop:value=value on:input=typed on:blur=leave></textarea>
        }
        .into_any();
    }
    view! {
        <input id=id name=name class="field-input" type=kind required=required autocomplete=autocomplete
            aria-invalid=invalid aria-describedby=described prop:value=value on:input=typed on:blur=leave />
    }
    .into_any()
}

/// A box to tick.
#[component]
pub fn Toggle(
    /// What ticking means.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is ticked.
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="toggle">
            <input type="checkbox" prop:checked=value on:change=move |event| value.set(event_target_checked(&event)) />
            <span>{label}</span>
        </label>
    }
}
