//! The versions of the letter: who wrote which, when, and the way back to one.

use contract::templates::{OfDraft, UpdateTemplate, VersionState, VersionSummary};
use domain::Locale;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use ui::{
    Failure,
    api::staff,
    components::{Badge, Button, FailureNotice, Field, Kind, Tone},
    format::{self, Style},
    t, tr,
};

use super::{actions::reload, desk::Desk};
use crate::parts::{select::Select, sure::Sure};

/// All versions, newest first.
#[component]
pub fn Versions(desk: Desk) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let row = move |version: VersionSummary| view! { <Row desk version failure/> };
    let rows = move || desk.template.get().versions.into_iter().map(row).collect_view();
    view! {
        <section class="panel">
            <h2>{tr!("console.templates.versions")}</h2>
            <FailureNotice failure/>
            <table class="table table-plain versions">
                <thead>
                    <tr>
                        <th scope="col">{tr!("console.templates.version")}</th>
                        <th scope="col">{tr!("console.templates.author")}</th>
                        <th scope="col" class="wide-only">{tr!("console.templates.languages")}</th>
                        <th scope="col"><span class="unseen">{tr!("console.templates.revert")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(desk: Desk, version: VersionSummary, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let number = version.number;
    let (tone, key) = match version.state {
        VersionState::Draft => (Tone::Warn, "console.templates.state.draft"),
        VersionState::Published => (Tone::Ok, "console.templates.state.published"),
        VersionState::Retired => (Tone::Plain, "console.templates.state.retired"),
    };
    let languages: Vec<&str> = version.locales.iter().map(|locale| locale.endonym()).collect();
    let revert = move |_| {
        spawn_local(async move {
            let of = OfDraft { revision: desk.revision.get_untracked() };
            let answer = staff::templates::revert(&desk.id(), number, of).await;
            let answer = match answer {
                Ok(_) => reload(desk).await,
                Err(why) => Err(why),
            };
            failure.try_set(answer.err());
        });
    };
    let is_draft = version.state == VersionState::Draft;
    view! {
        <tr>
            <th scope="row">{number} " " <Badge tone=tone>{tr!(key)}</Badge></th>
            <td>
                {version.author.unwrap_or_else(|| t!("console.templates.no_author"))}
                <span class="under">{format::here(version.changed_at, Style::Full)}</span>
            </td>
            <td class="wide-only">{languages.join(", ")}</td>
            <td class="number">
                <Show when=move || desk.may_change() && !is_draft>
                    <Button kind=Kind::Bare on_press=revert disabled=Signal::derive(move || desk.changed())
                        label=Signal::derive(move || t!("console.templates.revert_to", number = number))>
                        {tr!("console.templates.revert")}
                    </Button>
                </Show>
            </td>
        </tr>
    }
}

/// The name, the language that stands in, and the way back to Ringside's own letter.
#[component]
pub fn Settings(desk: Desk) -> impl IntoView {
    let before = desk.template.get_untracked().summary;
    let name = RwSignal::new(before.name);
    let default = RwSignal::new(before.default_locale.code().to_owned());
    let (busy, failure, deleting) =
        (RwSignal::new(false), RwSignal::new(None::<Failure>), RwSignal::new(false));
    let options: Vec<(String, String)> =
        Locale::ALL.into_iter().map(|one| (one.code().to_owned(), one.endonym().to_owned())).collect();
    let save = move |_| {
        busy.set(true);
        spawn_local(async move {
            let default_locale = Locale::from_tag(&default.get_untracked()).unwrap_or_default();
            let change = UpdateTemplate { name: name.get_untracked(), default_locale };
            match staff::templates::update(&desk.id(), &change).await {
                Ok(template) => {
                    desk.template.try_set(template);
                    failure.try_set(None);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    let navigate = use_navigate();
    let done = Callback::new(move |()| navigate("/console/templates", NavigateOptions::default()));
    view! {
        <section class="panel editor-section">
            <h2>{tr!("console.templates.settings")}</h2>
            <Field label=Signal::derive(tr!("console.templates.name")) value=name name="template_name" required=true
                error=Signal::derive(move || failure.with(|failure| failure.as_ref().and_then(|failure| failure.field("name"))))/>
            <Select label=Signal::derive(tr!("console.templates.default_locale")) value=default options=Signal::derive(move || options.clone())/>
            <p class="soft">{tr!("console.templates.default_hint")}</p>
            <FailureNotice failure/>
            <div class="settings-foot">
                <Button busy on_press=save>{tr!("console.templates.save_settings")}</Button>
                <Button kind=Kind::Bare on_press=move |_| deleting.set(true)>{tr!("console.templates.delete")}</Button>
            </div>
            <Show when=move || deleting.get()>
                <Sure open=deleting title=t!("console.templates.delete_title") text=t!("console.templates.delete_text")
                    word=t!("console.templates.delete") deed={move || async move { staff::templates::delete(&desk.id()).await }} done/>
            </Show>
        </section>
    }
}
