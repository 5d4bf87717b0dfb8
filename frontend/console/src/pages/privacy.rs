//! What those who run Ringside look after: policies, how long things are kept, and reports of breaches.

use std::collections::BTreeMap;

use contract::privacy::{Policy, PolicyKind, PublishPolicy, RetentionRule};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, privacy, staff},
    components::{Button, FailureNotice, Field, Kind, Remote, Toggle},
    fetched,
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{dialog::Dialog, download, select::Select};

/// The page at `/console/privacy`.
#[component]
pub fn PrivacyPage() -> impl IntoView {
    let policies = fetched(|| (), |()| async { privacy::policies().await });
    let rules = fetched(session::organisation, |_| async { staff::privacy::retention().await });
    let publishing = RwSignal::new(false);
    view! {
        <header class="page-head">
            <h1>{tr!("console.privacy.title")}</h1>
            <Button kind=Kind::Primary on_press=move |_| publishing.set(true)>{tr!("console.privacy.publish")}</Button>
        </header>
        <section>
            <h2>{tr!("console.privacy.policies")}</h2>
            <Remote of=policies view={move |list: Signal<Vec<Policy>>| view! { <Policies list/> }}/>
        </section>
        <section>
            <h2>{tr!("console.privacy.retention")}</h2>
            <Remote of=rules view={move |list: Signal<Vec<RetentionRule>>| view! { <Rules list rules/> }}/>
        </section>
        <section>
            <h2>{tr!("console.privacy.breach")}</h2>
            <Breach/>
        </section>
        <Show when=move || publishing.get()><Publish open=publishing policies/></Show>
    }
}

fn kind_words(kind: PolicyKind) -> String {
    t!(&format!("console.privacy.kind.{}", kind.name()))
}

#[component]
fn Policies(list: Signal<Vec<Policy>>) -> impl IntoView {
    let row = |policy: Policy| {
        view! {
            <tr>
                <td>{kind_words(policy.kind)}</td>
                <td class="number">{policy.version.to_string()}</td>
                <td class="nowrap">{format::here(policy.published_at, Style::Full)}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !list.get().is_empty() fallback=|| view! { <p class="soft">{tr!("console.privacy.no_policies")}</p> }>
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.privacy.policy")}</th>
                            <th scope="col" class="number">{tr!("console.privacy.version")}</th>
                            <th scope="col">{tr!("console.privacy.published")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || list.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </Show>
    }
}

#[component]
fn Publish(open: RwSignal<bool>, policies: Fetched<Vec<Policy>>) -> impl IntoView {
    let kind = RwSignal::new(PolicyKind::Privacy.name().to_owned());
    let (english, thai) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let required = RwSignal::new(false);
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let intent = api::new_intent();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(kind) = PolicyKind::from_name(&kind.get_untracked()).filter(|_| !busy.get_untracked())
        else {
            return;
        };
        busy.set(true);
        let written = [("en", english.get_untracked()), ("th", thai.get_untracked())];
        let texts: BTreeMap<String, String> = written
            .into_iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(language, text)| (language.to_owned(), text))
            .collect();
        let required = required.get_untracked() && kind != PolicyKind::Marketing;
        let (wish, intent) = (PublishPolicy { kind, texts, required }, intent.clone());
        spawn_local(async move {
            let answer = staff::privacy::publish(&wish, &intent).await;
            busy.try_set(false);
            if answer.is_ok() {
                policies.refetch();
                open.try_set(false);
            }
            failure.try_set(answer.err());
        });
    };
    let kinds = || PolicyKind::ALL.map(|kind| (kind.name().to_owned(), kind_words(kind))).to_vec();
    let error = move || failure.get().and_then(|failure| failure.field("texts"));
    view! {
        <Dialog open title=t!("console.privacy.publish")>
            <form on:submit=send novalidate>
                <p class="soft">{tr!("console.privacy.publish_text")}</p>
                <FailureNotice failure/>
                <Select label=Signal::derive(tr!("console.privacy.policy")) value=kind options=Signal::derive(kinds)/>
                <Field label=Signal::derive(tr!("console.privacy.english")) value=english kind="area" name="en" required=true
                    error=Signal::derive(error)/>
                <Field label=Signal::derive(tr!("console.privacy.thai")) value=thai kind="area" name="th"/>
                <Toggle label=Signal::derive(tr!("console.privacy.required")) value=required/>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy>{tr!("console.privacy.publish")}</Button>
                </footer>
            </form>
        </Dialog>
    }
}

#[component]
fn Rules(list: Signal<Vec<RetentionRule>>, rules: Fetched<Vec<RetentionRule>>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let row = move |rule: RetentionRule| view! { <Row rule rules failure/> };
    view! {
        <FailureNotice failure/>
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tr!("console.privacy.what")}</th>
                        <th scope="col">{tr!("console.privacy.days")}</th>
                    </tr>
                </thead>
                <tbody>{move || list.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A rule, its days to be changed at once.
#[component]
fn Row(
    rule: RetentionRule,
    rules: Fetched<Vec<RetentionRule>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let words = t!(&format!("console.privacy.rule.{}", rule.name));
    let usual = t!("console.privacy.usual", days = rule.usual_days.to_string());
    let label = words.clone();
    let (name, days) = (rule.name, rule.days);
    let change = move |event| {
        let Ok(days) = event_target_value(&event).trim().parse::<i32>() else {
            rules.refetch();
            return;
        };
        let name = name.clone();
        spawn_local(async move {
            let answer = staff::privacy::choose(&name, days).await;
            match answer {
                Ok(list) => {
                    rules.set(list);
                    failure.try_set(None);
                }
                Err(why) => {
                    // The field must show what is true.
                    rules.refetch();
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <tr>
            <td>{words}<span class="under">{usual}</span></td>
            <td>
                <label>
                    <span class="unseen">{label}</span>
                    <input class="field-input" type="number" min="1" max="3650" prop:value=days.to_string() on:change=change/>
                </label>
            </td>
        </tr>
    }
}

/// Asks for a window of time and saves the report.
#[component]
fn Breach() -> impl IntoView {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let ip = RwSignal::new(String::new());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let save = move |form: &'static str, kind: &'static str| {
        busy.set(true);
        // Typed as UTC; the field's minutes get their seconds and zone.
        let instant = |typed: String| format!("{typed}:00Z");
        let (from, to) = (instant(from.get_untracked()), instant(to.get_untracked()));
        let ip = ip.get_untracked().trim().to_owned();
        spawn_local(async move {
            let answer = staff::privacy::breach_report(&from, &to, &ip, form).await;
            let answer =
                answer.and_then(|bytes| download::save(&bytes, kind, &format!("breach-report.{form}")));
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    let ready = move || !from.get().is_empty() && !to.get().is_empty();
    let error = move || failure.get().and_then(|failure| failure.field("to"));
    view! {
        <p class="soft">{tr!("console.privacy.breach_text")}</p>
        <FailureNotice failure/>
        <Field label=Signal::derive(tr!("console.privacy.from")) value=from kind="datetime-local" name="from" required=true/>
        <Field label=Signal::derive(tr!("console.privacy.to")) value=to kind="datetime-local" name="to" required=true
            error=Signal::derive(error)/>
        <Field label=Signal::derive(tr!("console.privacy.ip")) value=ip name="ip"/>
        <Show when=ready fallback=|| view! { <p class="soft">{tr!("console.privacy.window")}</p> }>
            <Button busy=busy on_press=move |_| save("csv", "text/csv")>{tr!("console.audit.csv")}</Button>
            <Button busy=busy on_press=move |_| save("json", "application/json")>{tr!("console.privacy.json")}</Button>
        </Show>
    }
}
