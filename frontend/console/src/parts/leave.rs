//! Asks before unsaved changes are left behind.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use ui::t;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{BeforeUnloadEvent, Element, Event, MouseEvent};

/// Warns for as long as `changed` holds: the browser before it closes or reloads, the page before it
/// follows a link.
pub fn warn_before_leaving(changed: impl Fn() -> bool + Copy + 'static) {
    let unload = Closure::<dyn Fn(BeforeUnloadEvent)>::new(move |event: BeforeUnloadEvent| {
        if changed() {
            event.prevent_default();
        }
    });
    let click = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        if changed() && is_link(&event) && !stays_behind() {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let window = window();
    // A window takes any listener; without one the person is only not warned.
    let _ = window.add_event_listener_with_callback("beforeunload", unload.as_ref().unchecked_ref());
    // Captured: asked before the router follows the link.
    let _ = window.add_event_listener_with_callback_and_bool("click", click.as_ref().unchecked_ref(), true);
    let both = SendWrapper::new((window, unload, click));
    on_cleanup(move || {
        let (window, unload, click) = both.take();
        let _ = window.remove_event_listener_with_callback("beforeunload", unload.as_ref().unchecked_ref());
        let _ = window.remove_event_listener_with_callback_and_bool(
            "click",
            click.as_ref().unchecked_ref(),
            true,
        );
    });
}

fn is_link(event: &Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.closest("a[href]:not([href^='#'])").ok().flatten().is_some())
}

/// Whether the person lets the changes go; a browser that does not ask means yes.
fn stays_behind() -> bool {
    window().confirm_with_message(&t!("console.form.leave")).unwrap_or(true)
}
