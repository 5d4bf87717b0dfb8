//! What an organisation asks of its members when they sign in.

use contract::{ErrorCode, factors::SignInPolicy};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, api,
    components::{Button, FailureNotice, Remote},
    fetched, session, t, tr,
};

/// How members have to sign in.
#[component]
pub fn Policy() -> impl IntoView {
    let policy = fetched(session::organisation, |_| api::factors::policy());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let change = move |requires_second_factor: bool| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::factors::change_policy(&SignInPolicy { requires_second_factor }).await;
            busy.try_set(false);
            if let Ok(now) = &answer {
                policy.set(now.clone());
            }
            failure.try_set(answer.err());
        });
    };
    let choice = move |now: Signal<SignInPolicy>| {
        move || {
            let required = now.get().requires_second_factor;
            let (state, deed) = if required {
                ("console.policy.required", "console.policy.stop")
            } else {
                ("console.policy.optional", "console.policy.start")
            };
            view! {
                <p><strong>{t!(state)}</strong></p>
                <Button busy on_press=move |_| change(!required)>{t!(deed)}</Button>
            }
        }
    };
    let own = move || {
        failure.with(|failure| failure.as_ref().and_then(Failure::code))
            == Some(ErrorCode::SecondFactorRequired)
    };
    view! {
        <section class="policy">
            <h2>{tr!("console.policy.title")}</h2>
            <p class="soft">{tr!("console.policy.text")}</p>
            <FailureNotice failure/>
            <Show when=own><p><a href="/account/security" rel="external">{tr!("console.second_factor.go")}</a></p></Show>
            <Remote of=policy view=choice/>
        </section>
    }
}
