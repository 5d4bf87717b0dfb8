//! Whether live updates arrive.

use leptos::prelude::*;

use crate::live::{self, Connection};

/// A light with its word for screen readers; it shows a word to all only when the connection is lost.
#[component]
pub fn ConnectionLight() -> impl IntoView {
    let key = move || match live::connection() {
        Connection::Idle | Connection::Connecting => "live.connecting",
        Connection::Open => "live.open",
        Connection::Lost => "live.lost",
    };
    let class = move || match live::connection() {
        Connection::Idle | Connection::Connecting => "light light-waiting",
        Connection::Open => "light light-on",
        Connection::Lost => "light light-off",
    };
    view! {
        <span class=class role="status" title=move || crate::t!(key())>
            <i></i>
            <span class="light-word">{move || crate::t!(key())}</span>
        </span>
    }
}
