//! The letters an organisation may put into its own words.

use contract::{
    Page,
    templates::{CreateTemplate, LetterKind, TemplateSummary},
};
use domain::Permission;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use ui::{
    Failure,
    api::{self, staff},
    components::{Badge, Button, FailureNotice, Glyph, Icon, Kind, Remote, Tone},
    fetched,
    format::{self, Style},
    session, t, tr,
};

/// The page at `/console/templates`.
#[component]
pub fn TemplateList() -> impl IntoView {
    let templates = fetched(session::organisation, |_| staff::templates::list());
    view! {
        <header class="page-head"><h1>{tr!("console.templates.title")}</h1></header>
        <p class="soft">{tr!("console.templates.text")}</p>
        <Remote of=templates view={move |page: Signal<Page<TemplateSummary>>| {
            let row = move |kind: LetterKind| {
                let own = Signal::derive(move || page.with(|page| page.items.iter().find(|one| one.kind == kind).cloned()));
                view! { <Letter kind own/> }
            };
            view! { <ul class="letters">{LetterKind::ALL.into_iter().map(row).collect_view()}</ul> }
        }}/>
        <p class="soft letters-note"><Icon glyph=Glyph::Lock/>{tr!("console.templates.account_letters")}</p>
    }
}

/// One kind: Ringside's own letter, or a link to the organisation's.
#[component]
fn Letter(kind: LetterKind, own: Signal<Option<TemplateSummary>>) -> impl IntoView {
    let name = move || t!(&format!("console.templates.kind.{}", kind.name()));
    let about = move || t!(&format!("console.templates.about.{}", kind.name()));
    let state = move || match own.get() {
        None => view! { <Badge>{tr!("console.templates.ringsides")}</Badge> }.into_any(),
        Some(one) if one.experimenting => {
            view! { <Badge tone=Tone::Belt>{tr!("console.templates.comparing")}</Badge> }.into_any()
        }
        Some(one) if one.published.is_some() => {
            view! { <Badge tone=Tone::Ok>{tr!("console.templates.state.published")}</Badge> }.into_any()
        }
        Some(_) => view! { <Badge tone=Tone::Warn>{tr!("console.templates.only_draft")}</Badge> }.into_any(),
    };
    view! {
        <li class="panel letter-row">
            <div>
                <h2>{name}</h2>
                <p class="soft">{about}</p>
                <p class="letter-state">
                    {state}
                    {move || own.get().map(|one| view! {
                        <span class="soft">{one.name} " · " {format::here(one.changed_at, Style::Full)}</span>
                    })}
                </p>
            </div>
            {move || match own.get() {
                Some(one) => view! {
                    <a class="button button-quiet" href=format!("/console/templates/{}", one.id)>{tr!("console.templates.open")}</a>
                }.into_any(),
                None => view! { <Begin kind/> }.into_any(),
            }}
        </li>
    }
}

/// Sets a template up and opens it.
#[component]
fn Begin(kind: LetterKind) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let intent = StoredValue::new(api::new_intent());
    let navigate = use_navigate();
    let begin = move |_| {
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let name = t!(&format!("console.templates.kind.{}", kind.name()));
            let answer = staff::templates::create(&CreateTemplate { kind, name }, &intent.get_value()).await;
            busy.try_set(false);
            match answer {
                Ok(made) => {
                    navigate(&format!("/console/templates/{}", made.summary.id), NavigateOptions::default())
                }
                Err(why) => {
                    intent.try_set_value(api::new_intent());
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <Show when=|| session::can(Permission::TemplatesManage)>
            <div class="letter-begin">
                <Button kind=Kind::Primary busy on_press=begin.clone()>{tr!("console.templates.begin")}</Button>
                <FailureNotice failure/>
            </div>
        </Show>
    }
}
