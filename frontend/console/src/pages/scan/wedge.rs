//! Hand-held readers that type: a burst of fast keys that ends with Enter is a reading, wherever the
//! focus is.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Milliseconds between two keys of a reader; a person is slower.
const FASTEST_PERSON_MS: f64 = 100.0;
/// From so many fast keys on it is a reader, and its keys press nothing.
const SURELY_A_READER: usize = 3;
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
        let taken = burst.try_update_value(|burst| {
            let reading = burst.take(&event.key(), event.time_stamp());
            (reading, burst.text.len() >= SURELY_A_READER)
        });
        let Some((reading, is_reader)) = taken else { return };
        if is_reader || reading.is_some() {
            event.prevent_default();
        }
        if let Some(text) = reading {
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
