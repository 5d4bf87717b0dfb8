//! When the person wants quiet.

use contract::contact_methods::{NotificationPreferences, QuietHours};
use js_sys::{Array, Function, Reflect};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::notifications;
use ui::components::{Badge, Button, Field, Kind, Notice, Tone};
use ui::{Failure, t, words};
use wasm_bindgen::{JsCast as _, JsValue};

use super::Page;

/// A night as most have it.
const NIGHT: (&str, &str) = ("22:00", "07:00");

/// The form.
#[component]
pub fn Quiet(now: Signal<NotificationPreferences>, page: Page) -> impl IntoView {
    let kept = Memo::new(move |_| now.get().quiet_hours);
    let first = kept.get_untracked();
    let time = |of: Option<String>, usual: &str| RwSignal::new(of.unwrap_or_else(|| usual.to_owned()));
    let begins = time(first.as_ref().map(|hours| hours.begins.clone()), NIGHT.0);
    let ends = time(first.as_ref().map(|hours| hours.ends.clone()), NIGHT.1);
    let zone = RwSignal::new(first.map_or_else(of_browser, |hours| hours.time_zone));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let done = RwSignal::new(None::<&'static str>);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let wish = QuietHours {
            time_zone: zone.get_untracked(),
            begins: begins.get_untracked(),
            ends: ends.get_untracked(),
        };
        spawn_local(async move {
            let answer = notifications::set_quiet(&wish).await;
            busy.try_set(false);
            done.try_set(answer.is_ok().then_some("account.notifications.quiet.kept"));
            failure.try_set(answer.err());
            page.preferences.refetch();
        });
    };
    let end = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = notifications::remove_quiet().await;
            busy.try_set(false);
            done.try_set(answer.is_ok().then_some("account.notifications.quiet.ended"));
            failure.try_set(answer.err());
            page.preferences.refetch();
        });
    };
    let error =
        move |field: &'static str| Signal::derive(move || failure.get().and_then(|why| why.field(field)));
    let on = move || kept.get().is_some();
    view! {
        <section class="factor">
            <header>
                <h2>{words("account.notifications.quiet.title")}</h2>
                {move || if on() {
                    view! { <Badge tone=Tone::Ok>{words("account.security.on")}</Badge> }
                } else {
                    view! { <Badge>{words("account.security.off")}</Badge> }
                }}
            </header>
            <p class="soft">{words("account.notifications.quiet.text")}</p>
            {move || failure.get().map(|why| view! { <Notice tone=Tone::Stop>{why.text()}</Notice> })}
            <form class="note-quiet" on:submit=send novalidate>
                <div class="note-times">
                    <Field label=words("account.notifications.quiet.begins") kind="time" value=begins name="begins" required=true
                        error=error("begins")/>
                    <Field label=words("account.notifications.quiet.ends") kind="time" value=ends name="ends" required=true
                        error=error("ends")/>
                </div>
                <Zone zone/>
                <div class="factor-deeds">
                    <Button kind=Kind::Primary busy>{words("account.notifications.quiet.keep")}</Button>
                    <Show when=on><Button busy on_press=end>{words("account.notifications.quiet.end")}</Button></Show>
                </div>
                <p role="status">{move || done.get().map(|key| t!(key))}</p>
            </form>
        </section>
    }
}

/// On whose clock. The browser knows the zones, and its own.
#[component]
fn Zone(zone: RwSignal<String>) -> impl IntoView {
    let mut names = all_zones();
    for needed in [zone.get_untracked(), of_browser()] {
        if !names.contains(&needed) {
            names.insert(0, needed);
        }
    }
    let option = move |name: String| {
        let (value, this) = (name.clone(), name.clone());
        view! { <option value=value selected=move || zone.with(|zone| *zone == this)>{name.replace('_', " ")}</option> }
    };
    let elsewhere = move || zone.get() != of_browser();
    view! {
        <div class="field">
            <label for="quiet-zone" class="field-label">{words("account.notifications.quiet.zone")}</label>
            <select id="quiet-zone" name="zone" class="field-input" on:change=move |event| zone.set(event_target_value(&event))>
                {names.into_iter().map(option).collect_view()}
            </select>
            <Show when=elsewhere>
                <Button kind=Kind::Bare on_press=move |_| zone.set(of_browser())>
                    {move || t!("account.notifications.quiet.use_here", zone = of_browser().replace('_', " "))}
                </Button>
            </Show>
        </div>
    }
}

/// The zone this browser is in (ECMA-402).
fn of_browser() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&Array::new(), &js_sys::Object::new());
    let zone = Reflect::get(&format.resolved_options(), &"timeZone".into());
    zone.ok().and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

/// All zones the browser knows (ECMA-402, `Intl.supportedValuesOf`); none where it cannot tell.
fn all_zones() -> Vec<String> {
    let list = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let tell: Function = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?.dyn_into().ok()?;
        let zones: Array = tell.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok()?.dyn_into().ok()?;
        Some(zones.iter().filter_map(|zone| zone.as_string()).collect())
    };
    list().unwrap_or_else(|| vec!["UTC".to_owned()])
}
