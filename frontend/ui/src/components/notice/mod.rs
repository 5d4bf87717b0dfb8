//! Something the person should know, in place.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::Icon;
use crate::Failure;

/// A band with something to know.
#[component]
pub fn Notice(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("notice {}", tone.class()) role="status">
            {tone.glyph().map(|glyph| view! { <Icon glyph /> })}
            <div>{children()}</div>
        </div>
    }
}

/// Why something did not work; nothing while there is no failure.
#[component]
pub fn FailureNotice(
    /// The failure.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
) -> impl IntoView {
    view! {
        <div aria-live="assertive">
            {move || {
                failure.get().map(|failure| view! { <Notice tone=Tone::Stop>{failure.text()}</Notice> })
            }}
        </div>
    }
}
