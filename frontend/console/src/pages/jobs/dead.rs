//! What was given up: why, and what can be done about it.

use contract::jobs::DeadJob;
use domain::Permission;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::staff,
    components::{Button, Empty, FailureNotice, Glyph, Kind},
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{
    dialog::Dialog,
    listing::{Listing, More},
};

/// The dead jobs, newest first.
#[component]
pub fn Dead(jobs: Listing<DeadJob>, changed: Callback<()>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let done = Callback::new(move |answer: Result<(), Failure>| {
        failure.try_set(answer.err());
        changed.run(());
    });
    let rows = move || jobs.rows().into_iter().map(|job| view! { <Row job done/> }).collect_view();
    view! {
        <FailureNotice failure/>
        <Show when=move || !jobs.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Check title=Signal::derive(tr!("console.jobs.none"))>
                <p>{tr!("console.jobs.none_hint")}</p>
            </Empty>
        }>
            <div class="table-frame"><table class="table">
                <thead><tr>
                    <th scope="col">{tr!("console.jobs.why")}</th>
                    <th scope="col" class="wide-only">{tr!("console.jobs.asked")}</th>
                    <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            <More of=jobs/>
        </Show>
    }
}

#[component]
fn Row(job: DeadJob, done: Callback<Result<(), Failure>>) -> impl IntoView {
    let (id, asking) = (job.id, RwSignal::new(false));
    let retry = move |_| spawn_local(async move { done.run(staff::jobs::retry(id).await) });
    let payload = serde_json::to_string_pretty(&job.payload).unwrap_or_else(|error| error.to_string());
    let deeds = session::can(Permission::JobsManage).then(|| {
        view! {
            <Button class="button-small" on_press=retry>{tr!("console.jobs.retry")}</Button>
            <Button class="button-small" kind=Kind::Bare on_press=move |_| asking.set(true)>{tr!("console.jobs.discard")}</Button>
        }
    });
    view! {
        <tr>
            <td>
                <strong>{job.kind}</strong>
                <span class="under">{t!("console.jobs.tried", count = job.attempts)}</span>
                <details>
                    <summary>{job.last_error.unwrap_or_default()}</summary>
                    <pre class="code">{payload}</pre>
                </details>
            </td>
            <td class="wide-only nowrap">{format::here(job.created_at, Style::Full)}</td>
            <td class="number">{deeds}</td>
        </tr>
        <Show when=move || asking.get()><Discard id asking done/></Show>
    }
}

/// Asks before a job is taken away.
#[component]
fn Discard(id: i64, asking: RwSignal<bool>, done: Callback<Result<(), Failure>>) -> impl IntoView {
    let discard = move |_| {
        asking.set(false);
        spawn_local(async move { done.run(staff::jobs::discard(id).await) });
    };
    view! {
        <Dialog open=asking title=t!("console.jobs.discard_title")>
            <p>{tr!("console.jobs.discard_text")}</p>
            <footer class="dialog-foot">
                <Button kind=Kind::Quiet on_press=move |_| asking.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Stop on_press=discard>{tr!("console.jobs.discard")}</Button>
            </footer>
        </Dialog>
    }
}
