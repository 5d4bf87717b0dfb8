//! Who is signed in, and what the account says about them.

use contract::people::UpdateMe;
use domain::Locale;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Button, FailureNotice, Field, Kind, Title};
use ui::{Failure, session, t, this_browser, words};

/// The page at `/account`.
#[component]
pub fn Overview() -> impl IntoView {
    let me = session::me();
    let name = RwSignal::new(me.as_ref().map(|me| me.name.clone()).unwrap_or_default());
    let locale = RwSignal::new(me.map(|me| me.locale).unwrap_or_default());
    let (busy, done, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        done.set(false);
        let name = name.get_untracked().trim().to_owned();
        let wish = UpdateMe { name: Some(name), locale: Some(locale.get_untracked()) };
        spawn_local(async move {
            let answer = session::update(&wish).await;
            busy.try_set(false);
            done.try_set(answer.is_ok());
            failure.try_set(answer.err());
        });
    };
    let fault = Signal::derive(move || failure.read().as_ref().and_then(|failure| failure.field("name")));
    view! {
        <Title text=words("account.nav.overview")/>
        <h1>{move || session::me().map(|me| me.name)}</h1>
        <p class="soft">{move || session::me().map(|me| me.email)}</p>
        <form class="account-form" on:submit=send>
            <FailureNotice failure/>
            <p role="status">{move || done.get().then(|| t!("account.profile.done"))}</p>
            <Field label=words("account.profile.name") value=name name="name" autocomplete="name" required=true error=fault/>
            <MailLanguage locale/>
            <Button kind=Kind::Primary busy>{words("account.profile.go")}</Button>
        </form>
        <Button on_press=|_| spawn_local(async { this_browser::forget().await; session::sign_out().await; })>{words("account.profile.sign_out")}</Button>
    }
}

/// Chooses the language of mails.
#[component]
fn MailLanguage(locale: RwSignal<Locale>) -> impl IntoView {
    let choose = move |event| {
        if let Some(chosen) = Locale::from_tag(&event_target_value(&event)) {
            locale.set(chosen);
        }
    };
    let option = move |one: Locale| {
        let selected = move || locale.get() == one;
        view! { <option value=one.code() lang=one.code() selected=selected>{one.endonym()}</option> }
    };
    view! {
        <label class="field">
            <span class="field-label">{words("account.profile.locale")}</span>
            <select class="field-input" name="locale" on:change=choose>{Locale::ALL.map(option).collect_view()}</select>
        </label>
    }
}
