//! What the person did, and what was done to their account.

use contract::Page;
use contract::audit::AuditEntry;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::privacy;
use ui::components::{Button, Empty, FailureNotice, Glyph, Remote, Title};
use ui::format::{self, Style};
use ui::{Failure, fetched, session, t, tr, words};

/// The page at `/account/activity`.
#[component]
pub fn Activity() -> impl IntoView {
    let first = fetched(session::signed_in, |_| async { privacy::activity("").await });
    view! {
        <Title text=words("account.nav.activity")/>
        <h1>{tr!("account.nav.activity")}</h1>
        <p class="soft">{tr!("account.activity.text")}</p>
        <Remote of=first view={move |page: Signal<Page<AuditEntry>>| view! { <Entries page/> }}/>
    }
}

#[component]
fn Entries(page: Signal<Page<AuditEntry>>) -> impl IntoView {
    let (rest, next) = (RwSignal::new(Vec::<AuditEntry>::new()), RwSignal::new(None::<String>));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    Effect::new(move |_| {
        rest.set(Vec::new());
        next.set(page.get().next);
    });
    let more = move |_| {
        let Some(after) = next.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = privacy::activity(&after).await;
            busy.try_set(false);
            match answer {
                Ok(page) => {
                    rest.try_update(|rows| rows.extend(page.items));
                    next.try_set(page.next);
                    failure.try_set(None);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let rows = move || page.get().items.into_iter().chain(rest.get()).map(row).collect_view();
    view! {
        <Show when=move || !page.get().items.is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Search title=Signal::derive(tr!("account.activity.none"))/>
        }>
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tr!("account.activity.what")}</th>
                            <th scope="col">{tr!("account.activity.ip")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <FailureNotice failure/>
            <Show when=move || next.with(Option::is_some)>
                <p><Button on_press=more busy=busy>{tr!("account.activity.more")}</Button></p>
            </Show>
        </Show>
    }
}

fn row(entry: AuditEntry) -> impl IntoView {
    // What has no words of its own is told by its name.
    let key = format!("account.action.{}", entry.action.replace('.', "_"));
    let told = t!(&key);
    let what = if told == key { entry.action } else { told };
    view! {
        <tr>
            <td>{what}<span class="under">{format::here(entry.at, Style::Full)}</span></td>
            <td class="nowrap">{entry.ip}</td>
        </tr>
    }
}
