//! Work behind the answers: for those who run Ringside.

mod dead;
mod overview;

use std::time::Duration;

use contract::jobs::JobsOverview;
use leptos::prelude::*;
use ui::{
    api::staff,
    components::{Button, Remote},
    fetched, session, tr,
};

use crate::parts::listing::listing;

use dead::Dead;
use overview::{Overview, Timers};

/// How often the page looks by itself.
const LOOKS_EVERY: Duration = Duration::from_secs(5);

/// The page at `/console/jobs`.
#[component]
pub fn JobsPage() -> impl IntoView {
    let jobs = fetched(session::organisation, |_| staff::jobs::overview());
    let dead = listing(session::organisation, |_, after| async move { staff::jobs::dead(&after).await });
    let look = move || {
        if untrack(|| jobs.failure()).is_none() {
            jobs.refetch();
        }
    };
    if let Ok(handle) = set_interval_with_handle(look, LOOKS_EVERY) {
        on_cleanup(move || handle.clear());
    }
    let changed = Callback::new(move |()| {
        jobs.refetch();
        dead.first.refetch();
    });
    view! {
        <header class="page-head">
            <h1>{tr!("console.jobs.title")}</h1>
            <Button on_press=move |_| changed.run(()) busy=Signal::derive(move || dead.first.loading())>
                {tr!("console.jobs.look_again")}
            </Button>
        </header>
        <p class="soft">{tr!("console.jobs.text")}</p>
        <div class="jobs">
            <Remote of=jobs view={move |now: Signal<JobsOverview>| view! { <Overview now changed/> }}/>
            <h2>{tr!("console.jobs.given_up")}</h2>
            <Remote of=dead.first view={move |_| view! { <Dead jobs=dead changed/> }}/>
            <Show when=move || jobs.with(|jobs| jobs.is_some())>
                <Remote of=jobs view={move |now: Signal<JobsOverview>| view! { <Timers now/> }}/>
            </Show>
        </div>
    }
}
