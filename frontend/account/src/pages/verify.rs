//! Where the letter's link leads: it proves the address and signs in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{FailureNotice, Kind, LinkButton};
use ui::{Failure, browser, session, words};

use super::frame::{Frame, next};

/// The page at `/account/verify#…`.
#[component]
pub fn Verify() -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let token = browser::take_fragment();
    let next = next();
    // Whoever is signed in here already: from now on it is the owner of the address.
    spawn_local(async move {
        match session::verify(token).await {
            Ok(()) => browser::leave_for(&next),
            Err(problem) => {
                failure.try_set(Some(problem));
            }
        }
    });
    view! {
        <Frame title=words("account.verify.title")>
            <section class="sign-in-told" aria-live="polite">
                <h1>{words("account.verify.title")}</h1>
                <Show when=move || failure.read().is_some() fallback=|| view! { <p>{words("account.verify.busy")}</p> }>
                    <FailureNotice failure/>
                    <p>{words("account.verify.failed")}</p>
                    <LinkButton href="/account/sign-in" kind=Kind::Primary>{words("account.verify.to_sign_in")}</LinkButton>
                </Show>
            </section>
        </Frame>
    }
}
