//! A way a message goes: its sign and its word.

use contract::channels::Channel;
use leptos::prelude::*;
use ui::t;

/// The key of its word.
pub fn key(channel: Channel) -> String {
    format!("console.channel.{}", channel.name())
}

/// Its sign: strokes in a box of 20.
const fn sign(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "M2.5 5h15v10.5h-15z M2.5 5.5l7.500 6 7.500-6",
        Channel::Sms => "M6 2.500h8v15H6z M9 15h2",
        Channel::Line | Channel::Whatsapp | Channel::Messenger => "M3 4h14v9.500H9l-3.500 3v-3H3z",
        Channel::WebPush => "M5 13V9a5 5 0 0 1 10 0v4l1.500 2h-13z M8.500 17.500h3",
        Channel::Slack | Channel::Discord | Channel::Teams => {
            "M7.500 3l-1.500 14 M14 3l-1.500 14 M3.500 7.500h13.500 M3 12.500h13.500"
        }
        Channel::Pagerduty => "M10 3l7.500 13.500h-15z M10 8v4 M10 14v.500",
    }
}

/// The sign and the word.
#[component]
pub fn Way(channel: Channel) -> impl IntoView {
    view! {
        <span class="way">
            <svg class="way-sign" viewBox="0 0 20 20" aria-hidden="true"><path d=sign(channel)/></svg>
            {move || t!(&key(channel))}
        </span>
    }
}
