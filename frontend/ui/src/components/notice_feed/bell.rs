//! The bell: how much is unread, and the latest of it.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{PAGE, Rows, topic};
use crate::api::notices;
use crate::components::{Glyph, Icon, Remote};
use crate::{fetched, format, live, session, t, tr};

/// Up to here unread notices are counted.
const MOST: i64 = 99;

/// The bell; `app`: the path of the app it stands in, `all`: its page with all notices.
#[component]
pub fn Bell(app: &'static str, all: &'static str) -> impl IntoView {
    let who = || session::me().map(|me| me.id);
    let count = fetched(who, |_| notices::count());
    live::on_change(topic, move || count.refetch());
    let unread = move || count.get().map_or(0, |count| count.unread);
    let shown = move || match unread() {
        0 => None,
        some if some > MOST => Some(format!("{}+", format::number(MOST))),
        some => Some(format::number(some)),
    };
    let label = move || match shown() {
        Some(shown) => t!("notices.bell_unread", count = shown),
        None => t!("notices.bell"),
    };
    let open = RwSignal::new(false);
    let place = NodeRef::<leptos::html::Div>::new();
    // A press elsewhere, or Escape, closes it.
    let elsewhere = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if place.get_untracked().is_some_and(|place| !place.contains(target.as_ref())) {
            open.set(false);
        }
    });
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            open.set(false);
        }
    });
    on_cleanup(move || {
        elsewhere.remove();
        escape.remove();
    });
    view! {
        <div class="bell" node_ref=place>
            <button type="button" class="icon-button" aria-label=label aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)>
                <Icon glyph=Glyph::Bell/>
                {move || shown().map(|shown| view! { <span class="bell-count" aria-hidden="true">{shown}</span> })}
            </button>
            <Show when=move || open.get()><Sheet app all open/></Show>
        </div>
    }
}

/// The latest notices, under the bell.
#[component]
fn Sheet(app: &'static str, all: &'static str, open: RwSignal<bool>) -> impl IntoView {
    let latest = fetched(|| (), |()| async { notices::list(false, PAGE, "").await });
    live::on_change(topic, move || latest.refetch());
    let (unread, rest) = (RwSignal::new(false), RwSignal::new(Vec::new()));
    view! {
        <section class="bell-sheet" aria-label=tr!("notices.bell")>
            <header class="feed-head">
                <h2>{tr!("notices.title")}</h2>
                <super::ReadAll first=latest/>
            </header>
            <div class="bell-rows" on:click=move |event| {
                // A notice that leads somewhere leads away from here.
                let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
                if target.is_some_and(|target| target.tag_name() == "A") {
                    open.set(false);
                }
            }>
                <Remote of=latest view={move |page| view! { <Rows page rest unread app/> }}/>
            </div>
            <footer class="bell-end">
                <a href=all on:click=move |_| open.set(false)>{tr!("notices.show_all")}</a>
                <a href="/account/notifications" rel="external">{tr!("notices.choose")}</a>
            </footer>
        </section>
    }
}
