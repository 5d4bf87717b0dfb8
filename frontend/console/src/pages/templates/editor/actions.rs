//! Saving, publishing, and a test to oneself.

use contract::ErrorCode;
use contract::templates::{OfDraft, SaveDraft, SendTest, TestSent};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::{self, staff},
    components::{Button, FailureNotice, Glyph, Icon, Kind, Notice, Tone},
    t, tr,
};

use super::desk::Desk;
use crate::parts::dialog::Dialog;

/// Saves what stands on the desk; tells whether it is saved now.
pub async fn save(desk: Desk) -> bool {
    let draft = SaveDraft { revision: desk.revision.get_untracked(), content: desk.content.get_untracked() };
    let id = desk.id();
    let answer = match staff::templates::save(&id, &draft).await {
        Ok(_) => staff::templates::find(&id).await,
        Err(why) => Err(why),
    };
    match answer {
        Ok(template) => {
            desk.saved.try_set(draft.content);
            // What is typed meanwhile stays on the desk.
            desk.take(template, None);
            true
        }
        Err(why) => {
            desk.failure.try_set(Some(why));
            false
        }
    }
}

/// Reads the template and its draft anew, and forgets what stands on the desk.
pub async fn reload(desk: Desk) -> Result<(), Failure> {
    let id = desk.id();
    let template = staff::templates::find(&id).await?;
    let number = template.summary.draft.or(template.summary.published).unwrap_or(1);
    let version = staff::templates::version(&id, number).await?;
    desk.take(template, Some(version.content));
    Ok(())
}

/// The two deeds of the page's head.
#[component]
pub fn Actions(desk: Desk) -> impl IntoView {
    let publishing = RwSignal::new(false);
    let may = move || desk.may_change();
    view! {
        <Show when=may>
            <div class="page-actions">
                <Test desk/>
                <Button kind=Kind::Primary on_press=move |_| publishing.set(true)
                    disabled=Signal::derive(move || desk.template.with(|one| one.summary.draft.is_none()) && !desk.changed())>
                    {tr!("console.templates.publish")}
                </Button>
            </div>
            <Show when=move || publishing.get()><Publish desk open=publishing/></Show>
        </Show>
    }
}

/// Says what follows from publishing, and does it.
#[component]
fn Publish(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let publish = move |_| {
        busy.set(true);
        spawn_local(async move {
            let saved = !untrack(|| desk.changed()) || save(desk).await;
            if saved {
                let of = OfDraft { revision: desk.revision.get_untracked() };
                match staff::templates::publish(&desk.id(), of).await {
                    Ok(template) => {
                        desk.take(template, None);
                        open.try_set(false);
                    }
                    Err(why) => {
                        failure.try_set(Some(why));
                    }
                }
            } else {
                failure.try_set(desk.failure.get_untracked());
            }
            busy.try_set(false);
        });
    };
    let locales = move || {
        desk.content.with(|content| {
            let row = |one: &contract::templates::LocaleContent| {
                let complete = one.is_complete();
                let word = if complete { t!("console.templates.complete") } else { t!("console.templates.incomplete") };
                let glyph = if complete { Glyph::Check } else { Glyph::Alert };
                view! { <li><Icon glyph/><span>{one.locale.endonym()}</span><span class="soft">{word}</span></li> }
            };
            content.locales.iter().map(row).collect_view()
        })
    };
    let faults = move || failure.get().map(|failure| faults_of(&failure)).unwrap_or_default();
    view! {
        <Dialog open title=t!("console.templates.publish_title")>
            <p>{tr!("console.templates.publish_text")}</p>
            <ul class="publish-locales">{locales}</ul>
            <FailureNotice failure/>
            <ul>{move || faults().into_iter().map(|fault| view! { <li class="field-error">{fault}</li> }).collect_view()}</ul>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Primary busy on_press=publish>{tr!("console.templates.publish")}</Button>
            </footer>
        </Dialog>
    }
}

/// What is wrong, in words.
fn faults_of(failure: &Failure) -> Vec<String> {
    let Failure::Refused(problem) = failure else { return Vec::new() };
    problem.fields.iter().filter_map(|fault| failure.field(&fault.field)).collect()
}

/// Sends the version on the desk to whoever asks; it is saved first.
#[component]
fn Test(desk: Desk) -> impl IntoView {
    let (busy, failure, sent) =
        (RwSignal::new(false), RwSignal::new(None::<Failure>), RwSignal::new(None::<TestSent>));
    let open = RwSignal::new(false);
    let send = move |_| {
        busy.set(true);
        sent.set(None);
        failure.set(None);
        open.set(true);
        spawn_local(async move {
            if !untrack(|| desk.changed()) || save(desk).await {
                let wish = SendTest { locale: desk.locale.get_untracked(), version: None };
                match staff::templates::send_test(&desk.id(), wish, &api::new_intent()).await {
                    Ok(test) => {
                        sent.try_set(Some(test));
                    }
                    Err(why) => {
                        failure.try_set(Some(why));
                    }
                }
            } else {
                failure.try_set(desk.failure.get_untracked());
            }
            busy.try_set(false);
        });
    };
    let told = move || {
        sent.get().map(|test| view! {
        <Notice tone=Tone::Ok>
            <p>{t!("console.templates.test_sent", to = test.to)}</p>
            <p><a href=format!("/console/deliveries/{}", test.id)>{tr!("console.templates.test_read")}</a></p>
        </Notice>
    })
    };
    view! {
        <Button busy on_press=send>{tr!("console.templates.test")}</Button>
        <Show when=move || open.get() && !busy.get()>
            <Dialog open title=t!("console.templates.test")>
                {told}
                <FailureNotice failure/>
            </Dialog>
        </Show>
    }
}

/// Stands at the foot of the window while something is not saved.
#[component]
pub fn SaveBar(desk: Desk) -> impl IntoView {
    let busy = RwSignal::new(false);
    let press = move |_| {
        busy.set(true);
        spawn_local(async move {
            save(desk).await;
            busy.try_set(false);
        });
    };
    let theirs = move |_| {
        spawn_local(async move {
            if let Err(why) = reload(desk).await {
                desk.failure.try_set(Some(why));
            }
        });
    };
    let overtaken = move || {
        desk.failure.with(|failure| failure.as_ref().and_then(Failure::code))
            == Some(ErrorCode::ChangedMeanwhile)
    };
    view! {
        <Show when=move || desk.changed() && desk.may_change()>
            <div class="save-bar" role="region" aria-label=tr!("console.form.unsaved")>
                <div class="save-bar-text">
                    <p>{tr!("console.form.unsaved")}</p>
                    <FailureNotice failure=desk.failure/>
                    <Show when=move || desk.fault_count() != 0>
                        <p class="field-error">{move || t!("console.templates.faults", count = desk.fault_count())}</p>
                    </Show>
                </div>
                <Button on_press=theirs>
                    {move || if overtaken() { t!("console.templates.take_theirs") } else { t!("console.form.undo") }}
                </Button>
                <Button kind=Kind::Primary busy on_press=press disabled=Signal::derive(move || desk.fault_count() != 0)>
                    {tr!("console.templates.save")}
                </Button>
            </div>
        </Show>
    }
}
