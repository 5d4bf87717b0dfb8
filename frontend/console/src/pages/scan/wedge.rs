//! Hand-held readers that type: a burst of fast keys that ends with Enter is a reading, wherever the
//! focus is.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Milliseconds between two keys of a reader; a person is slower.
const FASTEST_PERSON_MS: f64 = 60.0;
/// Nothing shorter is a ticket.
const SHORTEST_READING: usize = 12;

#[derive(Default)]
struct Burst {
    text: String,
    last_key_ms: f64,
}

impl Burst {
    /// Takes a key and gives back a reading when one is complete.
    fn take(&mut self, key: &str, now_ms: f64) -> Option<String> {
        if now_ms - self.last_key_ms > FASTEST_PERSON_MS {
            self.text.clear();
        }
        self.last_key_ms = now_ms;
        if key == "Enter" {
            let text = std::mem::take(&mut self.text);
            return (text.len() >= SHORTEST_READING).then_some(text);
        }
        if key.chars().count() == 1 {
            self.text.push_str(key);
        }
        None
    }
}

/// Calls `read` for every burst typed outside a field, until the page is left.
pub fn listen(read: impl Fn(String) + 'static) {
    let burst = StoredValue::new_local(Burst::default());
    let handle = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || is_typed_into(&event) {
            return;
        }
        let reading = burst.try_update_value(|burst| burst.take(&event.key(), event.time_stamp()));
        if let Some(text) = reading.flatten() {
            event.prevent_default();
            read(text);
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key goes into a text field, which reads for itself.
fn is_typed_into(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA"))
}
