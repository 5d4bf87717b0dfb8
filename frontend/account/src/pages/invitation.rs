//! What the link of an invitation leads to: what it is about, and accepting it.

use contract::invitations::{InvitationToken, InvitationView};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, api,
    components::{Button, FailureNotice, Kind, Notice, Remote, Tone},
    fetched, session, t, tr, words,
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
            None => view! { <Enter email token/> }.into_any(),
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

/// For those who are not signed in: an account with the address filled in, or the one they have; both
/// lead back here.
#[component]
fn Enter(email: String, token: StoredValue<InvitationToken>) -> impl IntoView {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let back = encode(&format!("/account/invitation#{}", token.with_value(|token| token.token.clone())));
    let query = format!("next={back}&email={}", encode(&email));
    view! {
        <p class="stack">
            <a class="button button-primary" href=format!("/account/sign-up?{query}")>{tr!("account.invitation.sign_up")}</a>
            <a class="button" href=format!("/account/sign-in?{query}")>{tr!("account.invitation.sign_in")}</a>
        </p>
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
