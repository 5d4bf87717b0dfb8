//! Where everybody signs in, fan or staff.

use contract::ErrorCode;
use contract::factors::{Proof, SecondFactorNeeded};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::factors::{self, Question};
use ui::components::{Button, FailureNotice, Field, Kind, Notice, Prove, Tone};
use ui::{Failure, passkeys, session, t, words};

use super::frame::{Frame, SendAgain, go_on_when_signed_in, on_the_way};
use super::sign_on::WaysOut;

/// The page at `/account/sign-in`; goes on to where the person came from.
#[component]
pub fn SignIn() -> impl IntoView {
    go_on_when_signed_in();
    let needed = RwSignal::new(None::<SecondFactorNeeded>);
    // Why the second step was left; the first one tells it.
    let over = RwSignal::new(None::<Failure>);
    view! {
        <Frame title=words("account.sign_in.title")>
            {move || match needed.get() {
                Some(asked) => view! { <SecondFactor asked needed over/> }.into_any(),
                None => view! { <Credentials needed failure=over/> }.into_any(),
            }}
        </Frame>
    }
}

/// The first step: address and password.
#[component]
fn Credentials(
    needed: RwSignal<Option<SecondFactorNeeded>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let address = email.get_untracked().trim().to_owned();
            let answer = session::sign_in(address, password.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Ok(asked) => {
                    failure.try_set(None);
                    needed.try_set(asked);
                }
                Err(refused) => {
                    failure.try_set(Some(refused));
                }
            }
        });
    };
    view! {
        <form on:submit=send>
            <h1>{words("account.sign_in.title")}</h1>
            <p class="soft">{words("account.sign_in.text")}</p>
            <FailureNotice failure/>
            <Show when=move || failure.read().as_ref().and_then(Failure::code) == Some(ErrorCode::AddressUnverified)>
                <p>{words("account.sign_in.unverified")}</p>
                <SendAgain email again="account.sign_in.resend" done="account.sign_in.resent"/>
            </Show>
            <Field label=words("account.sign_in.email") value=email kind="email" name="email" autocomplete="username" required=true/>
            <Field label=words("account.sign_in.password") value=password kind="password" name="password"
                autocomplete="current-password" required=true/>
            <Button kind=Kind::Primary busy class="button-wide">{words("account.sign_in.go")}</Button>
            <PasskeySignIn failure/>
            <p class="soft"><a href="/account/reset">{words("account.sign_in.forgot")}</a></p>
            <p class="soft">{words("account.sign_in.none")} " " <a href=move || on_the_way("/account/sign-up")>{words("actions.sign_up")}</a></p>
        </form>
        <WaysOut email/>
    }
}

/// The second step: what proves who somebody is beside the password.
#[component]
pub fn SecondFactor(
    asked: SecondFactorNeeded,
    needed: RwSignal<Option<SecondFactorNeeded>>,
    over: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let back = move |failure: Option<Failure>| {
        over.set(failure);
        needed.set(None);
    };
    view! {
        <section class="sign-in-step">
            <h1>{words("proof.title")}</h1>
            <Prove question=Question::SignIn(asked.challenge) methods=asked.methods done=|()| ()
                over=move |failure| back(Some(failure))/>
            <Button kind=Kind::Bare on_press=move |_| back(None)>{words("actions.back")}</Button>
        </section>
    }
}

/// Signs in by a passkey alone: neither address nor password are typed.
#[component]
fn PasskeySignIn(failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let (busy, note) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let begin = move |_| {
        busy.set(true);
        note.set(None);
        failure.set(None);
        spawn_local(async move {
            match by_passkey().await {
                Ok(told) => {
                    note.try_set(told);
                }
                Err(refused) => {
                    failure.try_set(Some(refused));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        {move || note.get().map(|key| view! { <Notice tone=Tone::Warn>{t!(key)}</Notice> })}
        <Button class="button-wide" busy on_press=begin>{words("account.sign_in.passkey")}</Button>
    }
}

/// Nothing when it worked; else the key of what to tell about the browser.
async fn by_passkey() -> Result<Option<&'static str>, Failure> {
    let begun = factors::begin_passkey_sign_in().await?;
    match passkeys::sign(&begun.options).await {
        Ok(credential) => {
            let proof = Proof::Passkey { credential };
            Question::SignIn(begun.challenge).answer(proof).await.map(|()| None)
        }
        Err(none) => Ok(Some(none.text_key())),
    }
}
