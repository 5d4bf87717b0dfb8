//! What the link of an invitation leads to: what it is about, and accepting it.

use contract::ErrorCode;
use contract::invitations::{InvitationToken, InvitationView, SignUpInvited};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, api,
    components::{Agree, Agreement, Button, FailureNotice, Field, Kind, Notice, Remote, Tone},
    fetched, i18n, session, t, tr, words,
};

use super::frame::Frame;

/// The secret stands after `#`, so that no server on the way sees it.
fn token() -> Option<String> {
    let hash = window().location().hash().ok()?;
    Some(hash.trim_start_matches('#').to_owned()).filter(|token| !token.is_empty())
}

/// The page at `/account/invitation#token`.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let page = match token() {
        Some(token) => view! { <Found token/> }.into_any(),
        None => view! { <Notice tone=Tone::Warn>{tr!("account.invitation.missing")}</Notice> }.into_any(),
    };
    view! {
        <Frame title=words("account.invitation.title")>
            <h1>{tr!("account.invitation.title")}</h1>
            {page}
        </Frame>
    }
}

#[component]
fn Found(token: String) -> impl IntoView {
    let joined = RwSignal::new(None::<String>);
    let token = StoredValue::new(InvitationToken { token });
    let invitation =
        fetched(|| (), move |()| async move { api::invitations::view(&token.get_value()).await });
    move || {
        match joined.get() {
        Some(organisation) => view! { <Joined organisation/> }.into_any(),
        None => view! {
            <Remote of=invitation view={move |now: Signal<InvitationView>| view! { <About now token joined/> }}/>
        }
        .into_any(),
    }
    }
}

#[component]
fn Joined(organisation: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Ok>
            <strong>{t!("account.invitation.joined", organisation = organisation)}</strong>" "
            {tr!("account.invitation.joined_text")}
        </Notice>
        <a class="button button-primary" href="/console" rel="external">{tr!("account.invitation.console")}</a>
    }
}

#[component]
fn About(
    now: Signal<InvitationView>,
    token: StoredValue<InvitationToken>,
    joined: RwSignal<Option<String>>,
) -> impl IntoView {
    let text = move || {
        let now = now.get();
        let role = now.custom_role.unwrap_or_else(|| t!(&format!("role.{}", now.role.name())));
        t!("account.invitation.text", organisation = now.organisation, role = role)
    };
    let deed = move || {
        let email = now.with(|now| now.email.clone());
        match session::me() {
            None => view! { <Enter now token joined/> }.into_any(),
            Some(me) if me.email.to_lowercase() == email.to_lowercase() => {
                view! { <Accept now token joined/> }.into_any()
            }
            Some(me) => view! { <Other email=me.email/> }.into_any(),
        }
    };
    view! {
        <p>{text}</p>
        <p class="soft">{move || t!("account.invitation.for", email = now.get().email)}</p>
        {deed}
    }
}

/// For those who are not signed in: a new account that joins at once, since the letter proved the address,
/// or the one they have, which leads back here.
#[component]
fn Enter(
    now: Signal<InvitationView>,
    token: StoredValue<InvitationToken>,
    joined: RwSignal<Option<String>>,
) -> impl IntoView {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let email = now.with_untracked(|now| now.email.clone());
    let back = encode(&format!("/account/invitation#{}", token.with_value(|token| token.token.clone())));
    let query = format!("next={back}&email={}", encode(&email));
    view! {
        <NewAccount now token joined/>
        <p class="stack">
            <a class="button" href=format!("/account/sign-in?{query}")>{tr!("account.invitation.sign_in")}</a>
        </p>
    }
}

#[component]
fn NewAccount(
    now: Signal<InvitationView>,
    token: StoredValue<InvitationToken>,
    joined: RwSignal<Option<String>>,
) -> impl IntoView {
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let agreement = Agreement::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(accepted) = agreement.accepted().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let wish = SignUpInvited {
            token: token.with_value(|token| token.token.clone()),
            password: password.get_untracked(),
            name: name.get_untracked().trim().to_owned(),
            locale: i18n::locale_untracked(),
            accepted,
            token_in_body: false,
        };
        spawn_local(async move {
            let organisation = now.with_untracked(|now| now.organisation.clone());
            let answer = session::sign_up_invited(&wish).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    joined.try_set(Some(organisation));
                }
                Err(why) => {
                    if why.code() == Some(ErrorCode::PolicyOutdated) {
                        agreement.ask_again();
                    }
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let fault = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|failure| failure.field(field)))
    };
    view! {
        <form on:submit=send>
            <p class="soft">{move || t!("account.invitation.address", email = now.get().email)}</p>
            <FailureNotice failure/>
            <Field label=words("account.invitation.name") name="name" autocomplete="name" value=name required=true error=fault("name")/>
            <Field label=words("account.invitation.password") name="password" kind="password" autocomplete="new-password" value=password
                required=true hint=words("account.sign_up.password_hint") error=fault("password")/>
            <Agree agreement/>
            <Button kind=Kind::Primary busy class="button-wide">{words("account.invitation.go")}</Button>
        </form>
    }
}

#[component]
fn Other(email: String) -> impl IntoView {
    let leave = move |_| spawn_local(session::sign_out());
    view! {
        <Notice tone=Tone::Warn>{t!("account.invitation.other", email = email)}</Notice>
        <Button on_press=leave>{tr!("account.invitation.sign_out")}</Button>
    }
}

#[component]
fn Accept(
    now: Signal<InvitationView>,
    token: StoredValue<InvitationToken>,
    joined: RwSignal<Option<String>>,
) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // The same key for a second click: it gets the same answer.
    let intent = StoredValue::new(api::new_intent());
    let accept = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::invitations::accept(&token.get_value(), &intent.get_value()).await;
            busy.try_set(false);
            match answer {
                Ok(me) => {
                    joined.try_set(Some(now.with_untracked(|now| now.organisation.clone())));
                    session::renew(me);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    view! {
        <FailureNotice failure/>
        <Button kind=Kind::Primary busy=busy on_press=accept>{tr!("account.invitation.accept")}</Button>
    }
}
