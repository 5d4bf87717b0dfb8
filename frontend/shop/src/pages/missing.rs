//! No such page.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::components::{Empty, Glyph, Kind, LinkButton};
use ui::tr;

/// Says that there is no such page, and shows the way.
#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <Title text=tr!("shop.missing.title") />
        <div class="page">
            <h1 class="unseen">{tr!("shop.missing.title")}</h1>
            <Empty glyph=Glyph::Search title=Signal::derive(tr!("shop.missing.title"))>
                <p>{tr!("shop.missing.text")}</p>
                <LinkButton href="/" kind=Kind::Primary>{tr!("shop.missing.home")}</LinkButton>
            </Empty>
        </div>
    }
}
