//! The few things of the browser that pages need: its window, its storage and its clock.

use std::time::Duration;

use chrono::{DateTime, Utc};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// The window.
#[must_use]
pub fn window() -> web_sys::Window {
    leptos::prelude::window()
}

/// What was kept under `key` for good; `None` also where the browser forbids storage.
#[must_use]
pub fn kept(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps `value` for good, or forgets it.
pub fn keep(key: &str, value: Option<&str>) {
    if let Ok(Some(storage)) = window().local_storage() {
        put(&storage, key, value);
    }
}

/// What was kept under `key` for as long as this tab lives.
#[must_use]
pub fn kept_in_tab(key: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps `value` for as long as this tab lives, or forgets it.
pub fn keep_in_tab(key: &str, value: Option<&str>) {
    if let Ok(Some(storage)) = window().session_storage() {
        put(&storage, key, value);
    }
}

/// Storage may be full or forbidden: what is kept there is a convenience, never the only copy.
fn put(storage: &web_sys::Storage, key: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

/// The browser's clock.
#[must_use]
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// The path and query of this page.
#[must_use]
pub fn here() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// What stands behind `#` in the address: the secret of a letter's link. It goes out of the address, so
/// that it stays in no history.
#[must_use]
pub fn take_fragment() -> String {
    let fragment = window().location().hash().unwrap_or_default();
    if !fragment.is_empty()
        && let Ok(history) = window().history()
    {
        // A browser that keeps the address as it is keeps a link that is good once.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&here()));
    }
    fragment.trim_start_matches('#').to_owned()
}

/// Leaves this page for another one of this site, be it of another of our apps. The way back does not
/// lead here again.
pub fn leave_for(address: &str) {
    // A window that cannot go anywhere stays where it is.
    let _ = window().location().replace(address);
}

/// Waits.
pub async fn pause(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
        // A window always has timers; if it has none, nothing that waits can go on.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Calls `act` once for each `name` event of the window, for as long as the page is open.
pub fn on_window(name: &str, act: impl FnMut(web_sys::Event) + 'static) {
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(act);
    let _ = window().add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Whether the person asked for as little motion as possible.
#[must_use]
pub fn prefers_stillness() -> bool {
    window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}
