//! A line of text to take along.

use leptos::{prelude::*, task::spawn_local};
use ui::{components::Button, t};
use wasm_bindgen::{JsCast, JsValue};

/// Shows a text with a button that copies it.
#[component]
pub fn CopyLine(
    /// What the text is.
    label: String,
    /// The text.
    text: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let kept = StoredValue::new(text.clone());
    let copy = move |_| {
        spawn_local(async move {
            copied.try_set(to_clipboard(&kept.get_value()).await);
        });
    };
    let word = move || if copied.get() { t!("actions.copied") } else { t!("actions.copy") };
    let says = StoredValue::new(label.clone());
    let spoken = Signal::derive(move || format!("{}: {}", word(), says.get_value()));
    view! {
        <div class="copy-line">
            <span class="field-label">{label}</span>
            <code>{text}</code>
            <Button label=spoken class="button-small" on_press=copy>{word}</Button>
        </div>
    }
}

/// Whether it was copied; browsers offer the clipboard to secure pages only.
pub async fn to_clipboard(text: &str) -> bool {
    let navigator: JsValue = ui::browser::window().navigator().into();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    let write = js_sys::Reflect::get(&clipboard, &"writeText".into()).ok();
    let write = write.and_then(|it| it.dyn_into::<js_sys::Function>().ok());
    match write.and_then(|write| write.call1(&clipboard, &text.into()).ok()) {
        Some(promise) => wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(promise)).await.is_ok(),
        None => false,
    }
}
