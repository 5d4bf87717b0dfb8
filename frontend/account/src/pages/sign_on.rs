//! Signing in by a provider: the ways out on the page where everybody signs in, and the page a provider
//! leads back to.

use contract::ErrorCode;
use contract::factors::SecondFactorNeeded;
use contract::sign_on::{BeginSignOn, PublicProvider};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use ui::api::sign_on;
use ui::browser::leave_for;
use ui::components::{Button, FailureNotice, Field, Notice, Remote, Tone};
use ui::{Failure, fetched, session, t, words};

use super::frame::{Frame, next};
use super::sign_in::SecondFactor;

/// Where the person goes on to, kept while they are with a provider; gone with the tab.
const NEXT: &str = "ringside.sign_on.next";

fn memory() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Leaves for the provider's page, remembering where the person goes on to afterwards.
async fn leave(wish: BeginSignOn, next: String) -> Result<(), Failure> {
    let begun = sign_on::begin(&wish).await?;
    if let Some(memory) = memory() {
        // Without it the person ends on their account: no reason to refuse.
        let _ = memory.set_item(NEXT, &next);
    }
    leave_for(&begun.url);
    Ok(())
}

/// The ways out: by the address of an organisation, and by providers that are there for all.
#[component]
pub fn WaysOut(
    /// The address typed for the password.
    email: RwSignal<String>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let providers = fetched(|| (), |()| async { sign_on::providers().await });
    let buttons = |now: Signal<Vec<PublicProvider>>| {
        let button = |provider| view! { <By provider/> };
        view! { <div class="stack">{move || now.get().into_iter().map(button).collect_view()}</div> }
    };
    view! {
        <section class="ways-out stack">
            {move || if open.get() {
                view! { <ByAddress email/> }.into_any()
            } else {
                view! {
                    <Button class="button-wide" on_press=move |_| open.set(true)>{words("account.sign_on.organisation")}</Button>
                }.into_any()
            }}
            <Remote of=providers view=buttons/>
        </section>
    }
}

/// A provider that is there for all.
#[component]
fn By(provider: PublicProvider) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let next = Memo::new(move |_| next());
    let go = move |_| {
        busy.set(true);
        spawn_local(async move {
            let wish = BeginSignOn { email: None, provider: Some(provider.id) };
            let answer = leave(wish, next.get_untracked()).await;
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    view! {
        <FailureNotice failure/>
        <Button class="button-wide" busy on_press=go>{t!("account.sign_on.with", provider = provider.name)}</Button>
    }
}

/// The organisation's provider, found by an address.
#[component]
fn ByAddress(email: RwSignal<String>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let next = Memo::new(move |_| next());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let address = email.get_untracked().trim().to_owned();
            let answer =
                leave(BeginSignOn { email: Some(address), provider: None }, next.get_untracked()).await;
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    // What is wrong with the address stands at it: nobody's, or none at all.
    let about_it = |failure: &Failure| {
        let unknown = failure.code() == Some(ErrorCode::SignOnUnknown);
        failure.field("email").or_else(|| unknown.then(|| failure.text()))
    };
    let error = Signal::derive(move || failure.with(|it| it.as_ref().and_then(about_it)));
    let other = Signal::derive(move || failure.get().filter(|_| error.with(Option::is_none)));
    view! {
        <form on:submit=send novalidate>
            <FailureNotice failure=other/>
            <Field label=words("account.sign_on.address") hint=words("account.sign_on.address_hint") value=email
                kind="email" name="organisation-email" autocomplete="username" required=true error/>
            <Button class="button-wide" busy>{words("account.sign_on.go")}</Button>
        </form>
    }
}

/// The page at `/account/sign-on`, where a provider leads back to.
#[component]
pub fn SignOn() -> impl IntoView {
    let refused = use_query_map().read_untracked().get("error");
    let page = match refused {
        Some(code) => view! { <Refused code/> }.into_any(),
        None => view! { <Finish/> }.into_any(),
    };
    view! { <Frame title=words("account.sign_on.title")>{page}</Frame> }
}

/// Why nobody came in. The code is read from the address: only those we know are told.
#[component]
fn Refused(code: String) -> impl IntoView {
    let known = ErrorCode::ALL.iter().find(|known| known.code() == code);
    let known = known.copied().unwrap_or(ErrorCode::SignOnFailed);
    view! {
        <h1>{words("account.sign_on.refused")}</h1>
        <Notice tone=Tone::Warn>{t!(known.text_key())}</Notice>
        <Back/>
    }
}

/// To where the person came from: their account, where they wanted to add a sign-in to it.
#[component]
fn Back() -> impl IntoView {
    move || {
        let (page, word) = if session::signed_in() {
            ("/account/security", "account.sign_on.to_account")
        } else {
            ("/account/sign-in", "account.sign_on.again")
        };
        view! { <a class="button button-primary button-wide" href=page>{words(word)}</a> }
    }
}

/// Begins the session, or asks for the second factor.
#[component]
fn Finish() -> impl IntoView {
    let needed = RwSignal::new(None::<SecondFactorNeeded>);
    let failure = RwSignal::new(None::<Failure>);
    spawn_local(async move {
        match session::finish_sign_on().await {
            Ok(asked) => {
                needed.try_set(asked);
            }
            Err(refused) => {
                failure.try_set(Some(refused));
            }
        }
    });
    Effect::new(move |_| {
        if session::signed_in() {
            let kept = memory().and_then(|memory| memory.get_item(NEXT).ok().flatten()).unwrap_or_default();
            leave_for(domain::own_path(&kept).unwrap_or("/account"));
        }
    });
    view! {
        {move || match (needed.get(), failure.get()) {
            (Some(asked), _) => view! { <SecondFactor asked needed over=failure/> }.into_any(),
            (None, Some(_)) => view! {
                <h1>{words("account.sign_on.refused")}</h1>
                <FailureNotice failure/>
                <Back/>
            }.into_any(),
            (None, None) => view! {
                <h1>{words("account.sign_on.title")}</h1>
                <p class="soft" role="status">{words("account.sign_on.wait")}</p>
            }.into_any(),
        }}
    }
}
