//! The words of the pages. One language is loaded at a time; English lies under those that are
//! not complete yet. Texts are named by area and key: `t!("shop.buy")`, and hold places for values:
//! `t!("shop.seats_chosen", count = 3)`. `tr!` is the same as something that follows the language.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Locale;
use leptos::prelude::*;

use crate::browser::{keep, kept, window};

const CHOSEN: &str = "ringside.locale";
/// Languages whose every text is translated.
const COMPLETE: [Locale; 2] = [Locale::En, Locale::Th];

type Words = Arc<HashMap<String, String>>;

struct State {
    locale: ArcRwSignal<Locale>,
    words: ArcRwSignal<Words>,
    source: std::cell::RefCell<(&'static str, &'static [&'static str])>,
}

thread_local! {
    static STATE: State = State {
        locale: ArcRwSignal::new(Locale::En),
        words: ArcRwSignal::new(Words::default()),
        source: std::cell::RefCell::new(("/", &[])),
    };
}

/// The language of the pages. Tracks.
#[must_use]
pub fn locale() -> Locale {
    STATE.with(|state| state.locale.get())
}

/// The language of the pages.
#[must_use]
pub fn locale_untracked() -> Locale {
    STATE.with(|state| state.locale.get_untracked())
}

/// Loads the words before the first page: `base` is where the app is served, `areas` the files it needs.
/// The language is the one chosen before, or the browser's.
pub async fn load(base: &'static str, areas: &'static [&'static str]) {
    STATE.with(|state| *state.source.borrow_mut() = (base, areas));
    let chosen = kept(CHOSEN).and_then(|tag| Locale::from_tag(&tag));
    show(chosen.unwrap_or_else(of_browser)).await;
}

fn of_browser() -> Locale {
    let languages = window().navigator().languages();
    languages.iter().filter_map(|tag| Locale::from_tag(&tag.as_string()?)).next().unwrap_or_default()
}

/// Shows the pages in another language from now on; remembered.
pub async fn choose(locale: Locale) {
    keep(CHOSEN, Some(locale.code()));
    show(locale).await;
}

async fn show(locale: Locale) {
    let words = words_of(locale).await;
    if let Some(page) = window().document().and_then(|document| document.document_element()) {
        let _ = page.set_attribute("lang", locale.code());
    }
    STATE.with(|state| {
        state.words.set(Arc::new(words));
        state.locale.set(locale);
    });
}

async fn words_of(locale: Locale) -> HashMap<String, String> {
    let (base, areas) = STATE.with(|state| *state.source.borrow());
    let below = if COMPLETE.contains(&locale) { None } else { Some(Locale::En) };
    let files =
        below.into_iter().chain([locale]).flat_map(|locale| areas.iter().map(move |area| (locale, *area)));
    let files = files.map(|(locale, area)| async move {
        let address = format!("{base}locales/{}/{area}.json", locale.code());
        match gloo_net::http::Request::get(&address).send().await {
            Ok(answer) if answer.ok() => answer.json().await.unwrap_or_else(|error| unread(&address, &error)),
            Ok(_) => serde_json::Value::Null,
            Err(error) => unread(&address, &error),
        }
    });
    let mut words = HashMap::new();
    for (tree, area) in futures_util::future::join_all(files).await.into_iter().zip(areas.iter().cycle()) {
        // The common file carries several areas of its own: actions, errors, states.
        let root = if *area == "common" { String::new() } else { (*area).to_owned() };
        flatten(root, tree, &mut words);
    }
    words
}

fn unread(address: &str, error: &dyn std::fmt::Display) -> serde_json::Value {
    leptos::logging::error!("{address}: {error}");
    serde_json::Value::Null
}

fn flatten(path: String, tree: serde_json::Value, words: &mut HashMap<String, String>) {
    match tree {
        serde_json::Value::String(text) => {
            words.insert(path, text);
        }
        serde_json::Value::Object(branches) => {
            for (name, branch) in branches {
                let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                flatten(path, branch, words);
            }
        }
        _ => {}
    }
}

/// The text of that key, if there is one. Tracks the language.
#[must_use]
pub fn known(key: &str) -> Option<String> {
    STATE.with(|state| state.words.with(|words| words.get(key).cloned()))
}

/// The text of that key with `values` in its places; the key itself when nobody wrote the text, so
/// that it is seen. Tracks the language.
#[must_use]
pub fn text(key: &str, values: &[(&str, String)]) -> String {
    let Some(mut text) = known(key) else { return key.to_owned() };
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

/// The text for so many: `key_one` for one in languages that tell it apart, else `key_other`, with the
/// number in the place `{count}`. Tracks the language.
#[must_use]
pub fn count(key: &str, count: i64) -> String {
    let apart = !matches!(locale(), Locale::Th | Locale::Ja | Locale::Ko | Locale::Zh);
    let one = count == 1 || (count == 0 && locale() == Locale::Fr);
    let form = if apart && one { "one" } else { "other" };
    text(&format!("{key}_{form}"), &[("count", crate::format::number(count))])
}

/// The text of that key as a signal that follows the language. One function for all texts, where a
/// closure for each would make the app a tenth larger.
#[must_use]
pub fn words(key: &'static str) -> Signal<String> {
    Signal::derive(move || text(key, &[]))
}

/// The text of a key, with values in its places.
#[macro_export]
macro_rules! t {
    ($key:expr) => { $crate::i18n::text($key, &[]) };
    ($key:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::text($key, &[$((stringify!($name), ($value).to_string())),+])
    };
}

/// The text of a key as a closure that follows the language.
#[macro_export]
macro_rules! tr {
    ($($all:tt)*) => { move || $crate::t!($($all)*) };
}
