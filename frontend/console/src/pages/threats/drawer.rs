//! One attempt, and what can be done about it.

use contract::threats::{Threat, ThreatState};
use domain::Permission;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use ui::{
    Failure, Fetched,
    api::staff,
    browser,
    components::{Button, FailureNotice, Kind, Remote},
    fetched,
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{drawer::Drawer, words::State};

/// The drawer at `/console/threats/{threat_id}`.
#[component]
pub fn ThreatDrawer() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("threat_id").unwrap_or_default()));
    let threat = fetched(move || id.get(), |id| async move { staff::threats::get(&id).await });
    let name = move || {
        let kind = threat.get().map(|threat| threat.kind.name());
        kind.map_or_else(|| t!("console.threats.what"), |kind| t!(&format!("console.threats.kinds.{kind}")))
    };
    view! {
        <Drawer name=Signal::derive(name) back="/console/threats">
            <Remote of=threat view={move |value: Signal<Threat>| view! { <Content threat=value fetched=threat/> }}/>
        </Drawer>
    }
}

#[component]
fn Content(threat: Signal<Threat>, fetched: Fetched<Threat>) -> impl IntoView {
    let place = move || {
        let threat = threat.get();
        if threat.network.is_empty() { t!("console.threats.many") } else { threat.network }
    };
    let slowed = move || {
        let until = threat.get().tightened_until.filter(|until| *until > browser::now());
        until.map_or_else(|| t!("console.threats.not_slowed"), |until| format::here(until, Style::Full))
    };
    view! {
        <p class="drawer-state">{move || view! { <State of=threat.get().state/> }}</p>
        <dl class="facts">
            <dt>{tr!("console.threats.network")}</dt><dd class="code">{place}</dd>
            <dt>{tr!("console.threats.tries")}</dt><dd>{move || format::number(threat.get().count)}</dd>
            <dt>{tr!("console.threats.first_seen")}</dt>
            <dd>{move || format::here(threat.get().first_seen, Style::Full)}</dd>
            <dt>{tr!("console.threats.last_seen")}</dt>
            <dd>{move || format::here(threat.get().last_seen, Style::Full)}</dd>
            <dt>{tr!("console.threats.slowed_until")}</dt><dd>{slowed}</dd>
        </dl>
        <Show when=|| session::can(Permission::ThreatsManage)><Deeds threat fetched/></Show>
    }
}

#[component]
fn Deeds(threat: Signal<Threat>, fetched: Fetched<Threat>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let done = move |answer: Result<Threat, Failure>| {
        busy.try_set(false);
        match answer {
            Ok(threat) => fetched.set(threat),
            Err(why) => {
                failure.try_set(Some(why));
            }
        }
    };
    let acknowledge = move |_| {
        busy.set(true);
        let id = threat.get_untracked().id.to_string();
        spawn_local(async move { done(staff::threats::acknowledge(&id).await) });
    };
    let lift = move |_| {
        busy.set(true);
        let id = threat.get_untracked().id.to_string();
        spawn_local(async move { done(staff::threats::lift(&id).await) });
    };
    let is_open = move || threat.get().state == ThreatState::Open;
    let is_slowed = move || threat.get().tightened_until.is_some_and(|until| until > browser::now());
    view! {
        <FailureNotice failure/>
        <footer class="dialog-foot">
            <Show when=is_slowed>
                <Button busy=busy on_press=lift>{tr!("console.threats.lift")}</Button>
            </Show>
            <Show when=is_open>
                <Button kind=Kind::Primary busy=busy on_press=acknowledge>{tr!("console.threats.acknowledge")}</Button>
            </Show>
        </footer>
    }
}
