//! The draft beside the published version: which one is opened or clicked more often.

use contract::templates::{Arm, Experiment, ExperimentState, Measure, StartExperiment};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::{self, staff},
    components::{Badge, Button, FailureNotice, Field, Kind, Notice, Tone},
    fetched,
    format::{self, Style},
    t, tr,
};

use super::{actions, desk::Desk};
use crate::parts::select::Select;

/// How the latest comparison stands, and how to begin one.
#[component]
pub fn Compare(desk: Desk) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let latest = fetched(
        move || desk.template.with(|template| template.summary.experimenting),
        move |_| async move {
            match staff::templates::comparison(&desk.id()).await {
                Ok(found) => Ok(Some(found)),
                Err(why) if why.code() == Some(contract::ErrorCode::NotFound) => Ok(None),
                Err(why) => Err(why),
            }
        },
    );
    let running = move || desk.template.with(|template| template.summary.experimenting);
    let possible = move || {
        desk.template.with(|one| one.summary.published.is_some() && one.summary.draft.is_some()) && !running()
    };
    let stop = move |_| {
        spawn_local(async move {
            let answer = match staff::templates::stop_comparison(&desk.id()).await {
                Ok(_) => staff::templates::find(&desk.id()).await,
                Err(why) => Err(why),
            };
            match answer {
                Ok(template) => desk.take(template, None),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <section class="panel editor-section">
            <h2>{tr!("console.templates.compare")}</h2>
            <p class="soft">{tr!("console.templates.compare_text")}</p>
            <Notice>{tr!("console.templates.compare_counted")}</Notice>
            <FailureNotice failure/>
            <FailureNotice failure=Signal::derive(move || latest.failure())/>
            {move || latest.get().flatten().map(|experiment| view! { <Figures experiment/> })}
            <Show when=move || running() && desk.may_change()>
                <div><Button on_press=stop>{tr!("console.templates.compare_stop")}</Button></div>
            </Show>
            <Show when=move || possible() && desk.may_change()><Begin desk failure/></Show>
            <Show when=move || !possible() && !running()><p>{tr!("console.templates.compare_needs")}</p></Show>
        </section>
    }
}

#[component]
fn Figures(experiment: Experiment) -> impl IntoView {
    let (tone, key) = match experiment.state {
        ExperimentState::Running => (Tone::Belt, "console.templates.experiment.running"),
        ExperimentState::Decided => (Tone::Ok, "console.templates.experiment.decided"),
        ExperimentState::Undecided => (Tone::Plain, "console.templates.experiment.undecided"),
        ExperimentState::Stopped => (Tone::Plain, "console.templates.experiment.stopped"),
    };
    let measure = experiment.measure;
    let winner = experiment.winner;
    let row = move |arm: Arm| {
        let hits = arm.hits(measure);
        let rate = if arm.counted > 0 {
            format::percent(hits as f64 / arm.counted as f64)
        } else {
            "–".to_owned()
        };
        view! {
            <tr>
                <th scope="row">
                    {t!("console.templates.version_number", number = arm.version)} " "
                    {(winner == Some(arm.version)).then(|| view! { <Badge tone=Tone::Ok>{tr!("console.templates.winner")}</Badge> })}
                </th>
                <td class="number">{format::number(arm.sent)}</td>
                <td class="number">{format::number(arm.counted)}</td>
                <td class="number">{format::number(arm.opened)}</td>
                <td class="number">{format::number(arm.clicked)}</td>
                <td class="number">{rate}</td>
            </tr>
        }
    };
    let certain = experiment.z.map(|z| t!("console.templates.z", z = format!("{z:.2}")));
    let ends = format::here(experiment.ended_at.unwrap_or(experiment.ends_at), Style::Full);
    let until =
        if experiment.ended_at.is_some() { "console.templates.ended" } else { "console.templates.ends" };
    view! {
        <p class="letter-state"><Badge tone=tone>{tr!(key)}</Badge><span class="soft">{t!(until, at = ends)}</span></p>
        <table class="table table-plain">
            <thead>
                <tr>
                    <th scope="col">{tr!("console.templates.version")}</th>
                    <th scope="col" class="number">{tr!("console.templates.sent")}</th>
                    <th scope="col" class="number">{tr!("console.templates.counted")}</th>
                    <th scope="col" class="number">{tr!("console.templates.opened")}</th>
                    <th scope="col" class="number">{tr!("console.templates.clicked")}</th>
                    <th scope="col" class="number">{tr!("console.templates.rate")}</th>
                </tr>
            </thead>
            <tbody>{row(experiment.first)}{row(experiment.second)}</tbody>
        </table>
        <p class="soft">{certain}</p>
    }
}

#[component]
fn Begin(desk: Desk, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let text = |value: &str| RwSignal::new(value.to_owned());
    let (share, enough, hours, measure) = (text("50"), text("200"), text("168"), text("open"));
    let busy = RwSignal::new(false);
    let begin = move |_| {
        busy.set(true);
        spawn_local(async move {
            let saved = !untrack(|| desk.changed()) || actions::save(desk).await;
            let wish = StartExperiment {
                revision: desk.revision.get_untracked(),
                share: share.get_untracked().trim().parse().unwrap_or(0),
                measure: Measure::from_name(&measure.get_untracked()).unwrap_or(Measure::Open),
                enough: enough.get_untracked().trim().parse().unwrap_or(0),
                hours: hours.get_untracked().trim().parse().unwrap_or(0),
            };
            let answer = if saved {
                staff::templates::compare(&desk.id(), wish, &api::new_intent()).await.map(|_| ())
            } else {
                desk.failure.get_untracked().map_or(Ok(()), Err)
            };
            let answer = match answer {
                Ok(()) => staff::templates::find(&desk.id()).await,
                Err(why) => Err(why),
            };
            match answer {
                Ok(template) => {
                    failure.try_set(None);
                    desk.take(template, None);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    let error = move |name: &'static str| {
        Signal::derive(move || {
            failure.with(|failure| failure.as_ref().and_then(|failure| failure.field(name)))
        })
    };
    let measures = || {
        ["open", "click"]
            .map(|one| (one.to_owned(), t!(&format!("console.templates.measure.{one}"))))
            .to_vec()
    };
    view! {
        <div class="compare-form">
            <Select label=Signal::derive(tr!("console.templates.measure_label")) value=measure options=Signal::derive(measures)/>
            <Field label=Signal::derive(tr!("console.templates.share")) value=share kind="number" required=true error=error("share")/>
            <Field label=Signal::derive(tr!("console.templates.enough")) value=enough kind="number" required=true error=error("enough")/>
            <Field label=Signal::derive(tr!("console.templates.hours")) value=hours kind="number" required=true error=error("hours")/>
        </div>
        <div><Button kind=Kind::Primary busy on_press=begin>{tr!("console.templates.compare_start")}</Button></div>
    }
}
