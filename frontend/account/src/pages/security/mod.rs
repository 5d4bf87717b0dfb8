//! What proves who the person is beside a password: an authenticator app, recovery codes, passkeys.

mod app;
mod codes;
mod identities;
mod passkeys;

use contract::factors::{Factors, RecoveryCodes};
use leptos::prelude::*;
use ui::components::{Badge, FailureNotice, Glyph, Icon, Remote, Title, Tone};
use ui::{Failure, Fetched, api, fetched, session, words};

use app::AuthenticatorApp;
use codes::{Recovery, ShowCodes};
use identities::Identities;
use passkeys::Passkeys;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Page {
    factors: Fetched<Factors>,
    failure: RwSignal<Option<Failure>>,
    /// New codes, shown until the person has kept them.
    codes: RwSignal<Option<RecoveryCodes>>,
}

impl Page {
    /// Shows what came of a change: what is true now, or why it was refused.
    fn settle<T>(self, answer: Result<T, Failure>) -> Option<T> {
        self.factors.refetch();
        match answer {
            Ok(value) => {
                self.failure.try_set(None);
                Some(value)
            }
            Err(failure) => {
                self.failure.try_set(Some(failure));
                None
            }
        }
    }
}

/// The page at `/account/security`.
#[component]
pub fn Security() -> impl IntoView {
    let who = || session::me().map(|me| me.id);
    let factors = fetched(who, |_| api::factors::get());
    let page = Page { factors, failure: RwSignal::new(None), codes: RwSignal::new(None) };
    let failure = page.failure;
    let parts = move |now: Signal<Factors>| {
        view! {
            <AuthenticatorApp now page/>
            <Passkeys now page/>
            <Recovery now page/>
            <MailCodes now/>
        }
    };
    view! {
        <Title text=words("account.security.title")/>
        <h1>{words("account.security.title")}</h1>
        <p class="soft">{words("account.security.text")}</p>
        <FailureNotice failure/>
        {move || page.codes.get().map(|codes| view! { <ShowCodes codes page/> })}
        <Remote of=factors view=parts/>
        <Identities/>
    }
}

/// A part of the page: what it is about, and whether it is in use.
#[component]
fn Part(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] on: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="factor">
            <header>
                <h2>{title}</h2>
                {move || if on.get() {
                    view! { <Badge tone=Tone::Ok>{words("account.security.on")}</Badge> }
                } else {
                    view! { <Badge>{words("account.security.off")}</Badge> }
                }}
            </header>
            {children()}
        </section>
    }
}

/// Codes by mail need nothing set up.
#[component]
fn MailCodes(now: Signal<Factors>) -> impl IntoView {
    view! {
        <Part title=words("account.security.mail.title") on=Signal::derive(move || now.get().mail_code)>
            <p class="soft with-sign"><Icon glyph=Glyph::Mail/> {words("account.security.mail.text")}</p>
        </Part>
    }
}
