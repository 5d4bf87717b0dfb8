//! A key's secret, shown once.

use contract::keys::NewApiKey;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    components::{Button, Kind},
    t, tr,
};

use crate::parts::{copy::to_clipboard, dialog::Dialog};

/// Shows the secret until the person says they have it.
#[component]
pub fn Secret(key: NewApiKey, shown: RwSignal<Option<NewApiKey>>) -> impl IntoView {
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            shown.set(None);
        }
    });
    let copied = RwSignal::new(false);
    let text = StoredValue::new(key.secret.clone());
    let copy = move |_| {
        spawn_local(async move {
            copied.try_set(to_clipboard(&text.get_value()).await);
        });
    };
    let word = move || if copied.get() { t!("actions.copied") } else { t!("actions.copy") };
    view! {
        <Dialog open title=t!("console.keys.secret_title", name = key.key.name)>
            <p>{tr!("console.keys.secret_text")}</p>
            <div class="field">
                <label class="field-label" for="key-secret">{tr!("console.keys.secret")}</label>
                <input id="key-secret" class="field-input" readonly=true value=key.secret on:focus=|event| {
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
