//! The editor of a letter: its blocks, what the one looked at says, and how all of it looks.

mod actions;
mod blocks;
mod compare;
mod desk;
mod inspector;
mod preview;
mod said;
mod versions;

use contract::templates::{Content, Template};
use domain::Locale;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use ui::{
    api::staff,
    components::{Badge, Glyph, Icon, Remote, Tone},
    fetched, t, tr,
};

use crate::parts::leave::warn_before_leaving;
use actions::{Actions, SaveBar};
use blocks::Blocks;
use compare::Compare;
use desk::Desk;
use inspector::Inspector;
use preview::Look;
use versions::{Settings, Versions};

/// The page at `/console/templates/{template_id}`.
#[component]
pub fn TemplatePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("template_id").unwrap_or_default()));
    let opened = fetched(
        move || id.get(),
        |id| async move {
            let template = staff::templates::find(&id).await?;
            let number = template.summary.draft.or(template.summary.published).unwrap_or(1);
            let version = staff::templates::version(&id, number).await?;
            Ok::<_, ui::Failure>((template, version.content))
        },
    );
    view! {
        <nav class="crumbs"><a href="/console/templates"><Icon glyph=Glyph::ArrowLeft/>{tr!("console.templates.title")}</a></nav>
        <Remote of=opened view={move |opened: Signal<(Template, Content)>| {
            let (template, content) = opened.get_untracked();
            view! { <Editor template content/> }
        }}/>
    }
}

#[component]
fn Editor(template: Template, content: Content) -> impl IntoView {
    let desk = Desk::new(template, content);
    let changed = Memo::new(move |_| desk.changed());
    warn_before_leaving(move || changed.try_get_untracked() == Some(true));
    let state = move || {
        let summary = desk.template.get().summary;
        let draft = summary.draft.map(|number| {
            view! {
                <Badge tone=Tone::Warn>{t!("console.templates.draft_number", number = number)}</Badge>
            }
        });
        let published = summary.published.map(|number| {
            view! {
                <Badge tone=Tone::Ok>{t!("console.templates.published_number", number = number)}</Badge>
            }
        });
        view! { {published}{draft} }
    };
    view! {
        <header class="page-head">
            <div>
                <h1>{move || desk.template.get().summary.name}</h1>
                <p class="letter-state">{state}</p>
            </div>
            <Actions desk/>
        </header>
        <Languages desk/>
        <div class="letter-editor">
            <Blocks desk/>
            <Inspector desk/>
            <Look desk/>
        </div>
        <div class="letter-more">
            <Versions desk/>
            <Compare desk/>
            <Show when=move || desk.may_change()><Settings desk/></Show>
        </div>
        <SaveBar desk/>
    }
}

/// A tab for each language, with how far it is.
#[component]
fn Languages(desk: Desk) -> impl IntoView {
    let tab = move |locale: Locale| {
        let on = move || desk.locale.get() == locale;
        let (sign, word) = (
            move || match state(desk, locale) {
                Some(true) => Some(Glyph::Check),
                Some(false) => Some(Glyph::Alert),
                None => None,
            },
            move || match state(desk, locale) {
                Some(true) => t!("console.templates.complete"),
                Some(false) => t!("console.templates.incomplete"),
                None => t!("console.templates.missing"),
            },
        );
        let look = move |_| {
            desk.chosen.set(None);
            desk.locale.set(locale);
        };
        view! {
            <button type="button" class="language-tab" aria-pressed=move || on().to_string() on:click=look>
                <span lang=locale.code()>{locale.endonym()}</span>
                {move || sign().map(|glyph| view! { <Icon glyph/> })}
                <span class="unseen">{word}</span>
            </button>
        }
    };
    let copy = move |_| {
        let from = desk.content.with_untracked(|content| content.locales.first().cloned());
        if let Some(from) = from {
            desk.change(|content| {
                let locale = content.locale;
                *content = from;
                content.locale = locale;
            });
        }
    };
    let empty = move || desk.may_change() && desk.here().is_none_or(|one| one.blocks.is_empty());
    view! {
        <div class="language-tabs" role="group" aria-label=tr!("console.templates.languages")>
            {Locale::ALL.into_iter().map(tab).collect_view()}
        </div>
        <Show when=empty>
            <p class="language-empty">
                <span>{tr!("console.templates.language_missing")}</span>
                <ui::components::Button on_press=copy>{tr!("console.templates.copy_language")}</ui::components::Button>
            </p>
        </Show>
    }
}

/// Whether a language is complete; nothing when nothing is said in it.
fn state(desk: Desk, locale: Locale) -> Option<bool> {
    desk.content.with(|content| content.of(locale).map(contract::templates::LocaleContent::is_complete))
}
