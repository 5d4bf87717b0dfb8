//! Where applications send people: who asks, for what, and the two answers.

use contract::oauth::{AuthorisationQuestion, AuthorisationStep, DecideAuthorisation};
use leptos::{prelude::*, task::spawn_local};
use ui::browser::leave_for;
use ui::components::{Button, FailureNotice, Glyph, Icon, Kind, Remote};
use ui::{Failure, api, fetched, i18n, session, t, tr, words};
use uuid::Uuid;

use super::connections::scope_words;
use super::frame::Frame;

/// What the page was opened with, as it came.
fn query() -> String {
    let search = window().location().search().unwrap_or_default();
    search.trim_start_matches('?').to_owned()
}

/// The page at `/account/authorise`.
#[component]
pub fn Authorise() -> impl IntoView {
    let step = fetched(i18n::locale, |_| async { api::oauth::view(query()).await });
    let shown = |step: Signal<AuthorisationStep>| {
        move || match step.get() {
            AuthorisationStep::SignIn => {
                session::ask_to_sign_in();
                ().into_any()
            }
            AuthorisationStep::Return { to } => {
                leave_for(&to);
                ().into_any()
            }
            AuthorisationStep::Ask(question) => view! { <Question question/> }.into_any(),
        }
    };
    view! {
        <Frame title=words("account.authorise.title")>
            <h1>{tr!("account.authorise.title")}</h1>
            <Remote of=step view=shown/>
        </Frame>
    }
}

#[component]
fn Question(question: AuthorisationQuestion) -> impl IntoView {
    let first = question.organisations.first().map(|own| own.id.to_string());
    let chosen = RwSignal::new(first.unwrap_or_default());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let answer = move |allow: bool| {
        busy.set(true);
        let organisation = Uuid::parse_str(&chosen.get_untracked()).ok();
        spawn_local(async move {
            match api::oauth::decide(&DecideAuthorisation { query: query(), allow, organisation }).await {
                Ok(AuthorisationStep::Return { to }) => leave_for(&to),
                Ok(_) => session::ask_to_sign_in(),
                Err(problem) => {
                    busy.try_set(false);
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    let text = t!("account.authorise.text", application = question.application, made_by = question.made_by);
    let scope =
        |scope: &String| view! { <li><Icon glyph=Glyph::Check/><span>{scope_words(scope)}</span></li> };
    let scopes = question.scopes.iter().map(scope).collect_view();
    let organisations = question.organisations;
    let who =
        move || session::me().map(|me| t!("account.authorise.as", email = me.email)).unwrap_or_default();
    view! {
        <p>{text}</p>
        <ul class="asked">{scopes}</ul>
        {(!organisations.is_empty()).then(|| view! {
            <div class="field">
                <label class="field-label" for="organisation">{tr!("account.authorise.organisation")}</label>
                <select id="organisation" class="field-input" on:change=move |event| chosen.set(event_target_value(&event))>
                    {organisations.into_iter().map(|own| view! { <option value=own.id.to_string()>{own.name}</option> }).collect_view()}
                </select>
            </div>
        })}
        <p class="soft">{t!("account.authorise.returns", address = question.returns_to)} " " {who}</p>
        <FailureNotice failure/>
        <div class="decide">
            <Button kind=Kind::Primary class="button-wide" busy on_press=move |_| answer(true)>{tr!("account.authorise.allow")}</Button>
            <Button class="button-wide" on_press=move |_| answer(false)>{tr!("account.authorise.deny")}</Button>
        </div>
        <p class="soft">{tr!("account.authorise.later")}</p>
    }
}
