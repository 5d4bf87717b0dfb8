//! Long lists: a page at a time, filters in the address, rows that the arrow keys travel.

use std::{future::Future, time::Duration};

use contract::Page;
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{query_signal_with_options, use_query_map},
};
use ui::{
    Failure, Fetched, browser,
    components::{Button, Chip, FailureNotice, Glyph, Icon},
    fetched, tr,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Typing rests this long before the address changes and the list is read.
const REST: Duration = Duration::from_millis(250);

/// A list whose first page is fetched and that grows on demand.
pub struct Listing<T: Clone + Send + Sync + 'static> {
    /// The first page.
    pub first: Fetched<Page<T>>,
    rest: RwSignal<Vec<T>>,
    next: RwSignal<Option<String>>,
    growing: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    grow: Callback<String>,
}

impl<T: Clone + Send + Sync + 'static> Clone for Listing<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Clone + Send + Sync + 'static> Copy for Listing<T> {}

impl<T: Clone + Send + Sync + 'static> Listing<T> {
    /// All rows read so far. Tracks.
    pub fn rows(&self) -> Vec<T> {
        let mut rows = self.first.get().map(|page| page.items).unwrap_or_default();
        rows.extend(self.rest.get());
        rows
    }

    /// Fetches the first page again, since something changed; not under somebody who has read on.
    pub fn follow(&self) {
        if self.rest.with_untracked(Vec::is_empty) {
            self.first.refetch();
        }
    }
}

/// Reads the list now and whenever `key` changes; `read` gets the key and where to go on.
pub fn listing<K, T, Answer>(
    key: impl Fn() -> K + Copy + Send + Sync + 'static,
    read: impl Fn(K, String) -> Answer + Copy + Send + Sync + 'static,
) -> Listing<T>
where
    K: PartialEq + Clone + 'static,
    T: Clone + Send + Sync + 'static,
    Answer: Future<Output = Result<Page<T>, Failure>> + 'static,
{
    let first = fetched(key, move |key| read(key, String::new()));
    let rest = RwSignal::new(Vec::new());
    let next = RwSignal::new(None);
    let (growing, failure) = (RwSignal::new(false), RwSignal::new(None));
    Effect::new(move |_| {
        rest.set(Vec::new());
        next.set(first.get().and_then(|page| page.next));
    });
    let grow = Callback::new(move |after: String| {
        growing.set(true);
        let asked = untrack(key);
        let answer = read(asked.clone(), after);
        spawn_local(async move {
            let answer = answer.await;
            growing.try_set(false);
            // The filter was changed meanwhile: these rows belong to another list.
            if untrack(key) != asked {
                return;
            }
            match answer {
                Ok(page) => {
                    rest.try_update(|rows: &mut Vec<T>| rows.extend(page.items));
                    next.try_set(page.next);
                    failure.try_set(None);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    });
    Listing { first, rest, next, growing, failure, grow }
}

/// The end of a list: how to read on.
#[component]
pub fn More<T: Clone + Send + Sync + 'static>(of: Listing<T>) -> impl IntoView {
    let press = move |_| {
        if let Some(after) = of.next.get_untracked() {
            of.grow.run(after);
        }
    };
    view! {
        <FailureNotice failure=of.failure/>
        <Show when=move || of.next.with(Option::is_some)>
            <p class="more"><Button on_press=press busy=of.growing>{tr!("console.more")}</Button></p>
        </Show>
    }
}

/// A part of the address after `?`, as a signal; an empty value is left out. Changing it adds no step
/// to the browser's history.
pub fn in_address(name: &'static str) -> (Signal<String>, Callback<String>) {
    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (value, set) = query_signal_with_options::<String>(name, options);
    let set = Callback::new(move |text: String| set.set((!text.is_empty()).then_some(text)));
    (Signal::derive(move || value.get().unwrap_or_default()), set)
}

/// The filters of this page as they stand in its address, for links that keep them: `?state=paid`.
pub fn query_string() -> Signal<String> {
    let query = use_query_map();
    Signal::derive(move || query.with(leptos_router::params::ParamsMap::to_query_string))
}

/// Filters by one value: a chip for each, and one for all.
#[component]
pub fn Chips(
    /// The part of the address it sets.
    name: &'static str,
    /// Values and keys of their words.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let (value, set) = in_address(name);
    let all = view! {
        <Chip on=Signal::derive(move || value.with(String::is_empty)) on_press=move |()| set.run(String::new())>
            {tr!("console.all")}
        </Chip>
    };
    let chips = options.into_iter().map(|(option, key)| {
        let (here, there) = (option.clone(), option);
        view! {
            <Chip on=Signal::derive(move || value.with(|value| *value == here)) on_press=move |()| set.run(there.clone())>
                {move || ui::t!(&key)}
            </Chip>
        }
    });
    view! { <div class="chips">{all}{chips.collect_view()}</div> }
}

/// A field that searches the list, by `q` in the address.
#[component]
pub fn Search(
    /// What can be searched for.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let (value, set) = in_address("q");
    let typed = RwSignal::new(value.get_untracked());
    let turn = StoredValue::new(0_u32);
    let type_in = move |event| {
        typed.set(event_target_value(&event));
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        spawn_local(async move {
            browser::pause(REST).await;
            if turn.try_get_value() == Some(mine) {
                set.run(typed.get_untracked());
            }
        });
    };
    view! {
        <label class="search">
            <Icon glyph=Glyph::Search/>
            <span class="unseen">{label}</span>
            <input type="search" placeholder=label prop:value=typed on:input=type_in autocomplete="off"/>
        </label>
    }
}

/// For a table: arrow keys (and `j`, `k`) travel its rows by their links; Enter opens as links do.
pub fn travel_rows(event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" | "j" => 1,
        "ArrowUp" | "k" => -1,
        _ => return,
    };
    let table = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(Ok(links)) = table.map(|table| table.query_selector_all("a.row-link")) else { return };
    let links: Vec<HtmlElement> =
        (0..links.length()).filter_map(|row| links.item(row)?.dyn_into::<HtmlElement>().ok()).collect();
    let focus = document().active_element();
    let here = links.iter().position(|link| focus.as_ref() == Some(link.as_ref()));
    let row = here.map_or(0, |row| (row as i64 + step).clamp(0, links.len() as i64 - 1) as usize);
    if let Some(link) = links.get(row) {
        event.prevent_default();
        // A link that is in the page can be focused.
        let _ = link.focus();
    }
}
