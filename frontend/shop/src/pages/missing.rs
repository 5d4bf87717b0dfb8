//! No such page.

use leptos::prelude::*;
use ui::components::{Empty, Glyph, Kind, LinkButton, Title};
use ui::words;

/// Says that there is no such page, and shows the way.
#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <Title text=words("shop.missing.title") />
        <div class="page">
            <h1 class="unseen">{words("shop.missing.title")}</h1>
            <Empty glyph=Glyph::Search title=words("shop.missing.title")>
                <p>{words("shop.missing.text")}</p>
                <LinkButton href="/" kind=Kind::Primary>{words("shop.missing.home")}</LinkButton>
            </Empty>
        </div>
    }
}
