//! A secret of a key or an application, shown once.

use leptos::{prelude::*, task::spawn_local};
use ui::{
    components::{Button, Kind},
    t, tr,
};

use crate::parts::{copy::to_clipboard, dialog::Dialog};

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whose it is.
    pub name: String,
    /// The secret.
    pub secret: String,
    /// What is said of it, where it is no secret.
    pub text: Option<String>,
}

/// Shows the secret until the person says they have it.
#[component]
pub fn Secret(of: Shown, shown: RwSignal<Option<Shown>>) -> impl IntoView {
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            shown.set(None);
        }
    });
    let copied = RwSignal::new(false);
    let text = StoredValue::new(of.secret.clone());
    let copy = move |_| {
        spawn_local(async move {
            copied.try_set(to_clipboard(&text.get_value()).await);
        });
    };
    let word = move || if copied.get() { t!("actions.copied") } else { t!("actions.copy") };
    view! {
        <Dialog open title=t!("console.keys.secret_title", name = of.name)>
            <p>{of.text.unwrap_or_else(|| t!("console.keys.secret_text"))}</p>
            <div class="field">
                <label class="field-label" for="key-secret">{tr!("console.keys.secret")}</label>
                <input id="key-secret" class="field-input" readonly=true value=of.secret on:focus=|event| {
                    event_target::<web_sys::HtmlInputElement>(&event).select();
                }/>
            </div>
            <footer class="dialog-foot">
                <Button on_press=copy>{word}</Button>
                <Button kind=Kind::Primary on_press=move |_| open.set(false)>{tr!("console.keys.done")}</Button>
            </footer>
        </Dialog>
    }
}
