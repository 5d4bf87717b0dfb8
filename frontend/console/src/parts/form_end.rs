//! The end of a form in a dialog: always in sight, with what went wrong and the buttons.

use leptos::prelude::*;
use ui::{
    Failure,
    components::{Button, FailureNotice, Kind},
    tr,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What went wrong, cancelling and sending. A field that was refused comes into sight.
#[component]
pub fn FormEnd(
    #[prop(into)] failure: Signal<Option<Failure>>,
    busy: RwSignal<bool>,
    /// Set to false by cancelling.
    open: RwSignal<bool>,
    /// The key of the word on the button that sends.
    word: &'static str,
    /// It cannot be sent yet.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    Effect::new(move |_| {
        if failure.with(Option::is_some) {
            // Once the fields have been drawn with what is wrong with them.
            request_animation_frame(show_first_fault);
        }
    });
    view! {
        <div class="form-end">
            <FailureNotice failure/>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Primary busy disabled>{tr!(word)}</Button>
            </footer>
        </div>
    }
}

fn show_first_fault() {
    let found = document().query_selector("dialog[open] [aria-invalid=true]").ok().flatten();
    if let Some(field) = found.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        // Where it cannot take the focus it is told of all the same.
        let _ = field.focus();
    }
}
