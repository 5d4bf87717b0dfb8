//! What people ask of their data: a copy, to be forgotten, and what they agree to.

use std::time::Duration;

use contract::mail::MailTracking;
use contract::privacy::{Consent, DataExport, Erasure, GiveConsent};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::{self, privacy};
use ui::components::{Button, FailureNotice, Field, Kind, Notice, Remote, Title, Tone};
use ui::format::{self, Style};
use ui::{Failure, Fetched, browser, fetched, i18n, session, t, tr, words};

use crate::download;

/// How often a copy that is being made is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The page at `/account/privacy`.
#[component]
pub fn Privacy() -> impl IntoView {
    let consents = fetched(session::signed_in, |_| async { privacy::consents().await });
    let tracking = fetched(session::signed_in, |_| async { privacy::tracking().await });
    let copy = fetched(session::signed_in, |_| async { privacy::export().await });
    let erasure = fetched(session::signed_in, |_| async { privacy::erasure().await });
    view! {
        <Title text=words("account.nav.privacy")/>
        <h1>{tr!("account.nav.privacy")}</h1>
        <section>
            <h2>{tr!("account.privacy.consents")}</h2>
            <Remote of=consents view={move |list: Signal<Vec<Consent>>| view! { <Consents list consents/> }}/>
        </section>
        <section>
            <h2>{tr!("account.privacy.tracking")}</h2>
            <p class="soft">{tr!("account.privacy.tracking_text")}</p>
            <Remote of=tracking view={move |said: Signal<MailTracking>| view! { <Tracking said tracking/> }}/>
        </section>
        <section>
            <h2>{tr!("account.privacy.copy")}</h2>
            <p class="soft">{tr!("account.privacy.copy_text")}</p>
            <Remote of=copy view={move |latest: Signal<Option<DataExport>>| view! { <Copy latest copy/> }}/>
        </section>
        <section>
            <h2>{tr!("account.privacy.erase")}</h2>
            <p class="soft">{tr!("account.privacy.erase_text")}</p>
            <Remote of=erasure view={move |state: Signal<Erasure>| view! { <Erase state erasure/> }}/>
        </section>
    }
}

#[component]
fn Consents(list: Signal<Vec<Consent>>, consents: Fetched<Vec<Consent>>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let row = move |consent: Consent| view! { <ConsentRow consent consents failure/> };
    view! {
        <FailureNotice failure/>
        <Show when=move || !list.get().is_empty() fallback=|| view! { <p>{tr!("account.privacy.no_policies")}</p> }>
            {move || list.get().into_iter().map(row).collect_view()}
        </Show>
    }
}

#[component]
fn ConsentRow(
    consent: Consent,
    consents: Fetched<Vec<Consent>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let policy = consent.policy;
    let name = t!(&format!("agree.kind.{}", policy.kind.name()));
    let text = policy.texts.get(i18n::locale().code()).or_else(|| policy.texts.get("en")).cloned();
    let (id, given) = (policy.id, consent.given);
    let say = move |_| {
        let said = GiveConsent { policy_id: id, given: !given };
        spawn_local(async move {
            match privacy::consent(&said, &api::new_intent()).await {
                Ok(list) => {
                    consents.set(list);
                    failure.try_set(None);
                }
                Err(why) => {
                    // The box must show what is true.
                    consents.refetch();
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let when = consent.at.map(|at| t!("account.privacy.said_at", at = format::here(at, Style::Full)));
    view! {
        <div class="field">
            <label>
                <input type="checkbox" prop:checked=given on:change=say/>
                " "{name}" "{t!("account.privacy.version", version = policy.version.to_string())}
            </label>
            {when.map(|when| view! { <p class="field-hint">{when}</p> })}
            <details><summary>{tr!("account.privacy.read")}</summary><p class="as-written">{text}</p></details>
        </div>
    }
}

/// Whether it may be counted that letters are opened.
#[component]
fn Tracking(said: Signal<MailTracking>, tracking: Fetched<MailTracking>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let say = move |_| {
        let allowed = !said.get_untracked().allowed;
        spawn_local(async move {
            match privacy::set_tracking(allowed).await {
                Ok(now) => {
                    tracking.set(now);
                    failure.try_set(None);
                }
                Err(why) => {
                    // The box must show what is true.
                    tracking.refetch();
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <FailureNotice failure/>
        <div class="field">
            <label>
                <input type="checkbox" name="tracking" prop:checked=move || said.get().allowed on:change=say/>
                " "{tr!("account.privacy.tracking_allow")}
            </label>
        </div>
    }
}

#[component]
fn Copy(latest: Signal<Option<DataExport>>, copy: Fetched<Option<DataExport>>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let waiting = Memo::new(move |_| latest.get().is_some_and(|copy| copy.ready_at.is_none()));
    Effect::new(move |_| {
        let _ = latest.get();
        if waiting.get() {
            spawn_local(async move {
                browser::pause(LOOK_AGAIN).await;
                copy.refetch();
            });
        }
    });
    let ask = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = privacy::request_export(&api::new_intent()).await;
            busy.try_set(false);
            match answer {
                Ok(asked) => {
                    copy.set(Some(asked));
                    failure.try_set(None);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let save = move |id: String, form: &'static str, kind: &'static str| {
        spawn_local(async move {
            let answer = privacy::export_file(&id, form).await;
            let answer =
                answer.and_then(|bytes| download::save(&bytes, kind, &format!("ringside-my-data.{form}")));
            failure.try_set(answer.err());
        });
    };
    let ready = move || latest.get().filter(|copy| copy.ready_at.is_some());
    let files = move || {
        ready().map(|copy| {
            let (id, same) = (copy.id.to_string(), copy.id.to_string());
            let until = copy.expires_at.map(|at| t!("account.privacy.until", at = format::here(at, Style::Full)));
            view! {
                <p>{until}</p>
                <Button kind=Kind::Primary on_press=move |_| save(id.clone(), "pdf", "application/pdf")>{tr!("account.privacy.pdf")}</Button>
                <Button on_press=move |_| save(same.clone(), "json", "application/json")>{tr!("account.privacy.json")}</Button>
            }
        })
    };
    view! {
        <FailureNotice failure/>
        <Show when=move || waiting.get()><Notice>{tr!("account.privacy.being_made")}</Notice></Show>
        {files}
        <Show when=move || !waiting.get()>
            <Button busy=busy on_press=ask>{tr!("account.privacy.ask")}</Button>
        </Show>
    }
}

#[component]
fn Erase(state: Signal<Erasure>, erasure: Fetched<Erasure>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let cancel = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = privacy::cancel_erasure().await;
            busy.try_set(false);
            erasure.refetch();
            failure.try_set(answer.err());
        });
    };
    let due = move || state.get().due_at.map(|at| format::here(at, Style::Full));
    let owned = move || state.get().owned_alone;
    let names = move || owned().into_iter().map(|org| view! { <li>{org.name}</li> }).collect_view();
    view! {
        <FailureNotice failure/>
        <Show when=move || !owned().is_empty()>
            <Notice tone=Tone::Warn><p>{tr!("account.privacy.last_owner")}</p><ul>{names}</ul></Notice>
        </Show>
        <Show when=move || due().is_some() fallback=move || view! {
            <Show when=move || owned().is_empty()><Word erasure failure/></Show>
        }>
            <Notice tone=Tone::Stop>
                <p>{move || t!("account.privacy.due", at = due().unwrap_or_default())}</p>
            </Notice>
            <Button kind=Kind::Primary busy=busy on_press=cancel>{tr!("account.privacy.keep")}</Button>
        </Show>
    }
}

/// The word that is typed by hand before anything is erased.
#[component]
fn Word(erasure: Fetched<Erasure>, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let (word, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let intent = StoredValue::new(api::new_intent());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let typed = word.get_untracked().trim().to_owned();
        spawn_local(async move {
            let answer = privacy::request_erasure(&typed, &intent.get_value()).await;
            busy.try_set(false);
            match answer {
                Ok(state) => {
                    erasure.set(state);
                    failure.try_set(None);
                }
                Err(why) => {
                    intent.set_value(api::new_intent());
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let error = move || failure.get().and_then(|failure| failure.field("word"));
    view! {
        <form on:submit=send novalidate>
            <Field label=Signal::derive(tr!("account.privacy.word")) value=word name="word" required=true
                error=Signal::derive(error)/>
            <Button kind=Kind::Stop busy=busy>{tr!("account.privacy.erase_me")}</Button>
        </form>
    }
}
