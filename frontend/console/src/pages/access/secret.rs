//! What a new key or application is known by: a secret that is shown once.

use leptos::{prelude::*, task::spawn_local};
use ui::{
    components::{Button, Kind},
    t, tr,
};

use crate::parts::{
    copy::{CopyLine, to_clipboard},
    dialog::Dialog,
};

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whose it is.
    pub name: String,
    /// An application's id.
    pub id: Option<String>,
    /// The secret; public applications have none.
    pub secret: Option<String>,
}

/// Shows it until the person says they have it.
#[component]
pub fn Secret(of: Shown, shown: RwSignal<Option<Shown>>) -> impl IntoView {
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            shown.set(None);
        }
    });
    let (title, text) = match &of.secret {
        Some(_) => (t!("console.keys.secret_title", name = of.name), t!("console.keys.secret_text")),
        None => (of.name, t!("console.applications.secret_none")),
    };
    view! {
        <Dialog open title>
            <div class="stack">
                <p>{text}</p>
                {of.id.map(|id| view! { <CopyLine label=t!("console.applications.id") text=id/> })}
                {of.secret.map(|secret| view! { <Line secret/> })}
            </div>
            <footer class="dialog-foot">
                <Button kind=Kind::Primary on_press=move |_| open.set(false)>{tr!("console.keys.done")}</Button>
            </footer>
        </Dialog>
    }
}

#[component]
fn Line(secret: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let kept = StoredValue::new(secret.clone());
    let copy = move |_| {
        spawn_local(async move {
            copied.try_set(to_clipboard(&kept.get_value()).await);
        });
    };
    let word = move || if copied.get() { t!("actions.copied") } else { t!("actions.copy") };
    view! {
        <div class="field">
            <label class="field-label" for="key-secret">{tr!("console.keys.secret")}</label>
            <div class="secret-line">
                <input id="key-secret" class="field-input" readonly=true value=secret on:focus=|event| {
                    event_target::<web_sys::HtmlInputElement>(&event).select();
                }/>
                <Button on_press=copy>{word}</Button>
            </div>
        </div>
    }
}
