//! What was announced to those who work for the organisation, and how far it has got.

use contract::notices::Announcement;
use domain::Permission;
use leptos::prelude::*;
use ui::{
    api::staff,
    components::{Button, Empty, Glyph, Kind, Remote},
    format::{self, Style},
    live, session, t, tr,
};

use super::form::Form;
use crate::parts::{
    listing::{Listing, More, listing},
    words,
};

/// The page at `/console/announcements`.
#[component]
pub fn AnnouncementList() -> impl IntoView {
    let all =
        listing(session::organisation, |_, after| async move { staff::announcements::list(&after).await });
    let topic = || session::organisation().map(|id| format!("announcements:{id}"));
    live::on_change(topic, move || all.follow());
    let writing = RwSignal::new(false);
    view! {
        <header class="page-head">
            <h1>{tr!("console.announcements.title")}</h1>
            <Show when=|| session::can(Permission::MembersManage)>
                <Button kind=Kind::Primary on_press=move |_| writing.set(true)>{tr!("console.announcements.new")}</Button>
            </Show>
        </header>
        <p class="soft">{tr!("console.announcements.text")}</p>
        <Remote of=all.first view={move |_| view! { <Rows all/> }}/>
        <Show when=move || writing.get()><Form open=writing all/></Show>
    }
}

#[component]
fn Rows(all: Listing<Announcement>) -> impl IntoView {
    view! {
        <Show when=move || !all.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Bell title=Signal::derive(tr!("console.announcements.none"))>
                <p>{tr!("console.announcements.none_hint")}</p>
            </Empty>
        }>
            <ul class="feed">{move || all.rows().into_iter().map(row).collect_view()}</ul>
            <More of=all/>
        </Show>
    }
}

fn row(said: Announcement) -> impl IntoView {
    let to = if said.roles.is_empty() {
        t!("console.announcements.everybody")
    } else {
        said.roles.iter().map(|role| words::role(*role)).collect::<Vec<_>>().join(", ")
    };
    let progress = match (said.done_at, said.total) {
        (Some(_), _) => {
            t!(
                "console.announcements.told",
                count = format::number(said.told.into()),
                read = format::number(said.read)
            )
        }
        (None, Some(total)) => t!(
            "console.announcements.telling",
            count = format::number(said.told.into()),
            total = format::number(total.into())
        ),
        (None, None) => t!("console.announcements.waiting"),
    };
    let bar = said.total.filter(|_| said.done_at.is_none()).map(|total| {
        view! { <progress max=total.to_string() value=said.told.to_string() aria-label=progress.clone()></progress> }
    });
    view! {
        <li class="feed-row">
            <div class="feed-said">
                <p class="feed-title">{said.title}</p>
                <p class="feed-text">{said.text}</p>
                <p class="soft">{format::here(said.created_at, Style::Full)}" · "{to}" · "<span aria-live="polite">{progress}</span></p>
                {bar}
            </div>
        </li>
    }
}
