//! The notification centre: the bell over a page, and the list of all. Both hear live of what is new or was read
//! elsewhere. The shop has neither, and is not sent their style.

mod bell;

use contract::Page;
use contract::notices::Notice as Told;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use bell::Bell;

use super::{Button, Chip, Empty, FailureNotice, Glyph, Kind, Remote};
use crate::api::notices;
use crate::format::{self, Style};
use crate::{Failure, Fetched, fetched, i18n, live, session, t, tr};

/// Rows of a page of the list.
const PAGE: u32 = 30;

/// The live topic of the person's notices.
fn topic() -> Option<String> {
    session::me().map(|me| format!("notices:{}", me.id))
}

/// All notices, newest first; `app`: the path of the app it stands in, whose own pages open without loading anew.
#[component]
pub fn NoticeFeed(app: &'static str) -> impl IntoView {
    let unread = RwSignal::new(false);
    let first = fetched(move || unread.get(), |unread| async move { notices::list(unread, PAGE, "").await });
    // Nothing moves under somebody who has read on.
    let rest = RwSignal::new(Vec::<Told>::new());
    live::on_change(topic, move || {
        if rest.with_untracked(Vec::is_empty) {
            first.refetch();
        }
    });
    view! {
        <div class="feed-head">
            <div class="chips">
                <Chip on=Signal::derive(move || !unread.get()) on_press=move |()| unread.set(false)>{tr!("notices.all")}</Chip>
                <Chip on=unread on_press=move |()| unread.set(true)>{tr!("notices.unread")}</Chip>
            </div>
            <ReadAll first/>
        </div>
        <Remote of=first view={move |page: Signal<Page<Told>>| view! { <Rows page rest unread app/> }}/>
    }
}

/// Marks all as read that are shown, and older ones.
#[component]
fn ReadAll(first: Fetched<Page<Told>>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let newest = move || first.with(|page| page.and_then(|page| Some(page.items.first()?.id)));
    // Older ones count, too, that are not shown yet.
    let count = fetched(|| (), |()| notices::count());
    live::on_change(topic, move || count.refetch());
    let some_unread = move || newest().is_some() && count.get().is_some_and(|count| count.unread > 0);
    let press = move |_| {
        let Some(up_to) = untrack(newest) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = notices::mark_all(up_to).await;
            busy.try_set(false);
            match answer {
                Ok(left) => {
                    count.set(left);
                    failure.try_set(None);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            first.refetch();
        });
    };
    view! {
        <Show when=some_unread>
            <Button class="button-small" on_press=press busy=busy>{tr!("notices.read_all")}</Button>
        </Show>
        <FailureNotice failure/>
    }
}

#[component]
fn Rows(
    page: Signal<Page<Told>>,
    rest: RwSignal<Vec<Told>>,
    unread: RwSignal<bool>,
    app: &'static str,
) -> impl IntoView {
    let next = RwSignal::new(None::<String>);
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    Effect::new(move |_| {
        rest.set(Vec::new());
        next.set(page.get().next);
    });
    let more = move |_| {
        let Some(after) = next.get_untracked() else { return };
        busy.set(true);
        let asked = unread.get_untracked();
        spawn_local(async move {
            let answer = notices::list(asked, PAGE, &after).await;
            busy.try_set(false);
            // Another filter was chosen meanwhile: these rows belong to another list.
            if unread.try_get_untracked() != Some(asked) {
                return;
            }
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
    let rows = move || {
        let all = page.get().items.into_iter().chain(rest.get());
        all.map(|notice| view! { <Row notice app failure/> }).collect_view()
    };
    let none = move || if unread.get() { t!("notices.none_unread") } else { t!("notices.none") };
    view! {
        <Show when=move || !page.with(|page| page.items.is_empty()) fallback=move || view! {
            <Empty glyph=Glyph::Bell title=Signal::derive(none)><p>{tr!("notices.none_hint")}</p></Empty>
        }>
            <ul class="feed">{rows}</ul>
            <FailureNotice failure/>
            <Show when=move || next.with(Option::is_some)>
                <p class="more"><Button on_press=more busy=busy>{tr!("notices.more")}</Button></p>
            </Show>
        </Show>
    }
}

/// One notice: where it leads, and whether it is read.
#[component]
fn Row(notice: Told, app: &'static str, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let (id, read) = (notice.id, RwSignal::new(notice.read_at.is_some()));
    let mark = move |wanted: bool| {
        read.set(wanted);
        spawn_local(async move {
            if let Err(why) = notices::mark(id, wanted).await {
                read.try_set(!wanted);
                failure.try_set(Some(why));
            }
        });
    };
    let (title, text) = notice.content.words(i18n::locale_untracked());
    // Whoever follows it has read it.
    let title = match notice.link {
        Some(link) => {
            let rel = (!link.starts_with(app)).then_some("external");
            let follow = move |_| {
                if !read.get_untracked() {
                    mark(true);
                }
            };
            view! { <a href=link rel=rel on:click=follow>{title}</a> }.into_any()
        }
        None => title.into_any(),
    };
    let word = move || if read.get() { t!("notices.mark_unread") } else { t!("notices.mark_read") };
    view! {
        <li class="feed-row" class:feed-unread=move || !read.get()>
            <div class="feed-said">
                <p class="feed-title">{title}</p>
                <p class="feed-text">{text}</p>
                <p class="soft">{format::here(notice.created_at, Style::Full)}</p>
            </div>
            <Button kind=Kind::Bare class="button-small" on_press=move |_| mark(!read.get_untracked())>{word}</Button>
        </li>
    }
}
