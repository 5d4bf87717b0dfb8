//! How much waits, how late it is, kind by kind; what is done now and then.

use chrono::{DateTime, Utc};
use contract::jobs::{JobKind, JobTimer, JobsOverview};
use domain::Permission;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::staff,
    browser,
    components::{Button, FailureNotice},
    format::{self, Style},
    session, t, tr,
};

use crate::parts::score::Score;

/// The figures and the kinds.
#[component]
pub fn Overview(now: Signal<JobsOverview>, changed: Callback<()>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let sum = move |of: fn(&JobKind) -> i64| {
        Signal::derive(move || format::number(now.with(|now| now.kinds.iter().map(of).sum())))
    };
    let facts = Signal::derive(move || format::number(now.with(|now| now.facts)));
    view! {
        <div class="score">
            <Score mark="due" name=Signal::derive(tr!("console.jobs.due")) value=sum(|kind| kind.due)>
                <Since at=Signal::derive(move || now.with(|now| now.oldest_due_at))/>
            </Score>
            <Score mark="running" name=Signal::derive(tr!("console.jobs.running")) value=sum(|kind| kind.running)>""</Score>
            <Score mark="dead" name=Signal::derive(tr!("console.jobs.dead")) value=sum(|kind| kind.dead)>""</Score>
            <Score mark="facts" name=Signal::derive(tr!("console.jobs.facts")) value=facts>
                <Since at=Signal::derive(move || now.with(|now| now.oldest_fact_at))/>
            </Score>
        </div>
        <FailureNotice failure/>
        <Kinds now changed failure/>
    }
}

/// For how long the oldest has waited.
#[component]
fn Since(at: Signal<Option<DateTime<Utc>>>) -> impl IntoView {
    move || {
        let seconds = (browser::now() - at.get()?).num_seconds().max(0);
        Some(view! { <p class="soft">{t!("console.jobs.oldest", time = format::clock(seconds))}</p> })
    }
}

#[component]
fn Kinds(
    now: Signal<JobsOverview>,
    changed: Callback<()>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let row = move |kind: JobKind| {
        let name = kind.kind.clone();
        let retry = move |_| {
            let name = name.clone();
            spawn_local(async move {
                failure.try_set(staff::jobs::retry_kind(name).await.err());
                changed.run(());
            });
        };
        let retry = (kind.dead > 0 && session::can(Permission::JobsManage)).then(|| {
            view! { <Button class="button-small" on_press=retry>{tr!("console.jobs.retry_all")}</Button> }
        });
        let numbers = [
            ("console.jobs.due", kind.due),
            ("console.jobs.running", kind.running),
            ("console.jobs.later", kind.later),
            ("console.jobs.dead", kind.dead),
        ];
        let in_words =
            numbers.map(|(name, count)| format!("{} {}", t!(name), format::number(count))).join(" · ");
        view! {
            <tr>
                <td><strong>{kind.kind}</strong><span class="under narrow-only">{in_words}</span></td>
                <td class="number wide-only">{format::number(kind.due)}</td>
                <td class="number wide-only">{format::number(kind.running)}</td>
                <td class="number wide-only">{format::number(kind.later)}</td>
                <td class="number wide-only">{format::number(kind.dead)}</td>
                <td class="number">{retry}</td>
            </tr>
        }
    };
    let rows = move || now.get().kinds.into_iter().map(row).collect_view();
    view! {
        <Show when=move || now.with(|now| !now.kinds.is_empty()) fallback=|| view! { <p class="soft">{tr!("console.jobs.idle")}</p> }>
            <div class="table-frame"><table class="table">
                <thead><tr>
                    <th scope="col">{tr!("console.jobs.kind")}</th>
                    <th scope="col" class="number wide-only">{tr!("console.jobs.due")}</th>
                    <th scope="col" class="number wide-only">{tr!("console.jobs.running")}</th>
                    <th scope="col" class="number wide-only">{tr!("console.jobs.later")}</th>
                    <th scope="col" class="number wide-only">{tr!("console.jobs.dead")}</th>
                    <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        </Show>
    }
}

/// What is done now and then.
#[component]
pub fn Timers(now: Signal<JobsOverview>) -> impl IntoView {
    let row = |timer: JobTimer| {
        view! {
            <tr>
                <td class="code">{timer.name}</td>
                <td class="nowrap">{format::here(timer.next_run_at, Style::Precise)}</td>
            </tr>
        }
    };
    view! {
        <details class="timers">
            <summary>{tr!("console.jobs.timers")}</summary>
            <div class="table-frame"><table class="table">
                <thead><tr>
                    <th scope="col">{tr!("console.jobs.kind")}</th>
                    <th scope="col">{tr!("console.jobs.next")}</th>
                </tr></thead>
                <tbody>{move || now.get().timers.into_iter().map(row).collect_view()}</tbody>
            </table></div>
        </details>
    }
}
