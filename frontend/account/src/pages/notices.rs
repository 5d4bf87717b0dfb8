//! What the person was told.

use leptos::prelude::*;
use ui::components::{NoticeFeed, Title};
use ui::{tr, words};

/// The page at `/account/notices`.
#[component]
pub fn Notices() -> impl IntoView {
    view! {
        <Title text=words("notices.title")/>
        <h1>{tr!("notices.title")}</h1>
        <p><a href="/account/notifications">{tr!("notices.choose")}</a></p>
        <NoticeFeed app="/account"/>
    }
}
