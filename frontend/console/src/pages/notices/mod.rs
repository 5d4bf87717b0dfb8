//! What the person was told, and what staff are told.

mod announcements;
mod form;

use leptos::prelude::*;
use ui::{components::NoticeFeed, tr};

pub use announcements::AnnouncementList;

/// The page at `/console/notices`.
#[component]
pub fn NoticesPage() -> impl IntoView {
    view! {
        <header class="page-head">
            <h1>{tr!("notices.title")}</h1>
            <a class="button button-quiet" href="/account/notifications" rel="external">{tr!("notices.choose")}</a>
        </header>
        <NoticeFeed app="/console"/>
    }
}
