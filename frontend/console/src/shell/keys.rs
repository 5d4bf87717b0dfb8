//! The keyboard: Ctrl-K, `?`, and `g` followed by the letter of an area.

use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use ui::{t, tr};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::area::allowed;
use crate::parts::dialog::Dialog;

/// The letter after `g` must come within this time, milliseconds.
const TRAVEL_MS: f64 = 1_200.0;

/// Listens until the shell goes.
pub fn travel_by_keys(palette: RwSignal<bool>, shortcuts: RwSignal<bool>) {
    let navigate = use_navigate();
    let started = StoredValue::new(None::<f64>);
    let handle = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            palette.update(|open| *open = !*open);
            return;
        }
        if event.ctrl_key() || event.alt_key() || event.meta_key() || is_typing(&event) {
            return;
        }
        let travels = started.get_value().is_some_and(|at| event.time_stamp() - at < TRAVEL_MS);
        started.set_value(None);
        match key.as_str() {
            _ if travels => {
                if let Some(area) = allowed().find(|area| area.letter == key) {
                    event.prevent_default();
                    navigate(area.path, leptos_router::NavigateOptions::default());
                }
            }
            "g" => started.set_value(Some(event.time_stamp())),
            "?" => shortcuts.set(true),
            "/" => {
                event.prevent_default();
                palette.set(true);
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key goes into a field.
pub fn is_typing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.is_content_editable()
    })
}

/// The sheet of shortcuts.
#[component]
pub fn Shortcuts(open: RwSignal<bool>) -> impl IntoView {
    let row = |keys: Vec<&'static str>, text: String| {
        let keys = keys.into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view();
        view! { <div class="shortcut"><dt>{text}</dt><dd>{keys}</dd></div> }
    };
    view! {
        <Dialog open=open title=t!("console.keyboard.title")>
            <dl class="shortcuts">
                {row(vec!["Ctrl", "K"], t!("console.keyboard.palette"))}
                {row(vec!["/"], t!("console.keyboard.search"))}
                {row(vec!["?"], t!("console.keyboard.sheet"))}
                {row(vec!["↑", "↓"], t!("console.keyboard.rows"))}
                {row(vec!["Enter"], t!("console.keyboard.open"))}
                {row(vec!["Esc"], t!("console.keyboard.close"))}
                {allowed().map(|area| row(vec!["g", area.letter], t!(&format!("console.nav.{}", area.name)))).collect_view()}
            </dl>
            <p class="soft">{tr!("console.keyboard.note")}</p>
        </Dialog>
    }
}
