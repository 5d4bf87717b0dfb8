//! What the pages of API keys and of applications share: programs that act for the organisation.

use contract::Page;
use domain::Permission;
use leptos::prelude::*;
use ui::{
    components::{Button, Empty, Glyph, Kind},
    session, t, tr,
};

use super::secret::{Secret, Shown};

/// The page: its head, a button for one more, and the secret that is shown once. The words are found below
/// `words`: `console.keys`.
#[component]
pub fn Programs(
    words: &'static str,
    creating: RwSignal<bool>,
    shown: RwSignal<Option<Shown>>,
    children: Children,
) -> impl IntoView {
    let word = move |name: &'static str| move || t!(&format!("{words}.{name}"));
    view! {
        <header class="page-head">
            <div>
                <h1>{word("title")}</h1>
                <p class="soft">{word("text")}</p>
            </div>
            <Show when=may_manage>
                <Button kind=Kind::Primary on_press=move |_| creating.set(true)>{word("new")}</Button>
            </Show>
        </header>
        {children()}
        {move || shown.get().map(|of| view! { <Secret of shown/> })}
    }
}

/// Whether the person may make and end such programs. Tracks.
pub fn may_manage() -> bool {
    session::can(Permission::KeysManage)
}

/// The table, or that nothing is there yet.
#[component]
pub fn ProgramTable<T, R, V>(
    words: &'static str,
    /// The names of its columns; those of `wide` are left out on a phone.
    columns: &'static [&'static str],
    wide: &'static str,
    page: Signal<Page<T>>,
    row: R,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    R: Fn(T) -> V + Copy + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let head = move |name: &'static str| {
        let text = move || t!(&format!("{words}.{name}"));
        view! { <th scope="col" class:wide-only=name == wide>{text}</th> }
    };
    let table = move || {
        view! {
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            {columns.iter().copied().map(head).collect_view()}
                            <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{move || page.get().items.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
    };
    let none = move || {
        let (title, text) = (move || t!(&format!("{words}.none")), move || t!(&format!("{words}.none_text")));
        view! { <Empty glyph=Glyph::Lock title=Signal::derive(title)><p>{text}</p></Empty> }
    };
    view! { <Show when=move || page.with(|page| !page.items.is_empty()) fallback=none>{table()}</Show> }
}

/// A small button in a row that opens a dialog.
#[component]
pub fn Opens(
    open: RwSignal<bool>,
    /// The key of its word.
    word: &'static str,
) -> impl IntoView {
    view! { <Button kind=Kind::Bare class="button-small" on_press=move |_| open.set(true)>{tr!(word)}</Button> }
}
