//! The applications a person lets act for them.

use contract::oauth::Connection;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Button, Empty, FailureNotice, Glyph, Kind, Remote, Title};
use ui::format::{Style, here};
use ui::{Failure, Fetched, api, fetched, i18n, t, words};

/// A scope in plain words; the name itself for one that has none.
pub fn scope_words(scope: &str) -> String {
    let key = format!("account.scopes.{}", scope.replace('.', "_"));
    let text = t!(&key);
    if text == key { scope.to_owned() } else { text }
}

/// The page at `/account/connections`.
#[component]
pub fn Connections() -> impl IntoView {
    let list = fetched(i18n::locale, |_| async { api::oauth::connections().await.map(|page| page.items) });
    view! {
        <Title text=words("account.connections.title")/>
        <h1>{words("account.connections.title")}</h1>
        <p class="soft">{words("account.connections.text")}</p>
        <Remote of=list view={move |shown: Signal<Vec<Connection>>| view! { <List shown list/> }}/>
    }
}

#[component]
fn List(shown: Signal<Vec<Connection>>, list: Fetched<Vec<Connection>>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let none = || view! { <Empty glyph=Glyph::Lock title=words("account.connections.none")/> };
    view! {
        <FailureNotice failure/>
        <Show when=move || !shown.read().is_empty() fallback=none>
            <ul class="account-rows">
                {move || shown.get().into_iter().map(|connection| view! { <Row connection list failure/> }).collect_view()}
            </ul>
        </Show>
    }
}

#[component]
fn Row(
    connection: Connection,
    list: Fetched<Vec<Connection>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let (id, busy) = (connection.id, RwSignal::new(false));
    let end = move |_| {
        busy.set(true);
        spawn_local(async move {
            failure.try_set(api::oauth::end(id).await.err());
            busy.try_set(false);
            list.refetch();
        });
    };
    let right = |scope: &String| view! { <li>{scope_words(scope)}</li> };
    let rights = connection.scopes.iter().map(right).collect_view();
    let place = connection.organisation.map(|name| t!("account.connections.in", organisation = name));
    view! {
        <li class="account-row connection">
            <div>
                <p class="account-row-name">{connection.application}</p>
                <p class="small">{t!("account.connections.by", made_by = connection.made_by)} " " {place}</p>
                <p class="small">{t!("account.connections.since", when = here(connection.given_at, Style::Full))}</p>
                <ul class="rights">{rights}</ul>
            </div>
            <Button kind=Kind::Stop on_press=end busy>{words("account.connections.end")}</Button>
        </li>
    }
}
