//! Time that is left, told calmly.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::browser::now;
use crate::format;

/// The time until `until` as `m:ss`; calls `on_end` once when it has passed. Screen readers hear
/// whole minutes only.
#[component]
pub fn Countdown(
    /// When it ends.
    #[prop(into)]
    until: Signal<DateTime<Utc>>,
    /// Called once at the end.
    #[prop(optional, into)]
    on_end: Option<Callback<()>>,
) -> impl IntoView {
    let left = move || (until.get_untracked() - now()).num_seconds().max(0);
    let seconds = RwSignal::new(left());
    let ended = StoredValue::new(false);
    let tick = move || {
        let left = left();
        seconds.set(left);
        if left == 0 && !ended.get_value() {
            ended.set_value(true);
            if let Some(on_end) = on_end {
                on_end.run(());
            }
        }
    };
    if let Ok(handle) = set_interval_with_handle(tick, Duration::from_millis(500)) {
        on_cleanup(move || handle.clear());
    }
    let minutes = Memo::new(move |_| (seconds.get() + 59) / 60);
    view! {
        <span class="countdown">
            <time aria-hidden="true">{move || format::clock(seconds.get())}</time>
            <span class="unseen" role="timer" aria-live="polite">
                {move || crate::i18n::count("time.minutes_left", minutes.get())}
            </span>
        </span>
    }
}
