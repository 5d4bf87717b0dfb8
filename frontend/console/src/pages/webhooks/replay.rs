//! Sending again what an endpoint was sent in a time.

use chrono::TimeDelta;
use contract::webhooks::{ReplayWebhooks, WebhookState};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::{self, staff},
    browser,
    components::{Button, FailureNotice, Kind, Notice, Tone},
    format, t, tr,
};

use crate::parts::{dialog::Dialog, select::Select};

/// How far back: hours, and the word below `console.webhooks`.
const TIMES: [(&str, &str); 4] =
    [("1", "last_hour"), ("24", "last_day"), ("168", "last_week"), ("720", "last_month")];

#[component]
pub fn Replay(open: RwSignal<bool>, id: String) -> impl IntoView {
    let (hours, state) = (RwSignal::new("24".to_owned()), RwSignal::new("failed".to_owned()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let count = RwSignal::new(None::<usize>);
    // One key for each thing that was sent: another time is a new wish.
    let wish = Memo::new(move |_| {
        let to = browser::now();
        let hours = hours.get().parse().unwrap_or(1);
        let state = WebhookState::from_name(&state.get());
        (ReplayWebhooks { from: to - TimeDelta::hours(hours), to, state }, api::new_intent())
    });
    let replay = move |_| {
        busy.set(true);
        let ((wish, intent), id) = (wish.get_untracked(), id.clone());
        spawn_local(async move {
            let answer = staff::webhooks::replay_range(&id, &wish, &intent).await;
            busy.try_set(false);
            match answer {
                Ok(done) => {
                    failure.try_set(None);
                    count.try_set(Some(done.count));
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let times =
        || TIMES.map(|(hours, word)| (hours.to_owned(), t!(&format!("console.webhooks.{word}")))).to_vec();
    let states = || {
        ["failed", "delivered", "all"]
            .map(|state| (state.to_owned(), t!(&format!("console.webhooks.replay_{state}"))))
            .to_vec()
    };
    let done = move || {
        let count = count.get()?;
        let text = t!("console.webhooks.replayed", count = format::number(count as i64));
        Some(view! { <Notice tone=Tone::Ok>{text}</Notice> })
    };
    view! {
        <Dialog open title=t!("console.webhooks.replay_title")>
            <p class="soft">{tr!("console.webhooks.replay_text")}</p>
            <Select label=Signal::derive(tr!("console.webhooks.replay_time")) value=hours options=Signal::derive(times)/>
            <Select label=Signal::derive(tr!("console.webhooks.replay_which")) value=state options=Signal::derive(states)/>
            <FailureNotice failure/>
            {done}
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.close")}</Button>
                <Button kind=Kind::Primary busy on_press=replay>{tr!("console.webhooks.replay_range")}</Button>
            </footer>
        </Dialog>
    }
}
