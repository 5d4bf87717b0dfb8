//! Asks again when a policy has a new version: calmly, above whatever the page is about. What is marked as
//! required is asked first, and the page comes afterwards.

use contract::privacy::{Consent, GiveConsent, PolicyKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::{self, privacy};
use ui::components::{Button, FailureNotice, Kind, Notice};
use ui::{Failure, Fetched, fetched, session, t, tr};

/// What the person has not been asked yet, of what they would agree to.
fn open(consents: Fetched<Vec<Consent>>) -> Vec<Consent> {
    let mut list = consents.get().unwrap_or_default();
    list.retain(|consent| !consent.given && consent.policy.kind != PolicyKind::Marketing);
    // Who took consent back of this very version has been asked.
    list.retain(|consent| consent.policy.required || consent.about_version != Some(consent.policy.version));
    list
}

/// The question, and behind it the page unless the answer is needed first.
#[component]
pub fn AskAgain(children: ChildrenFn) -> impl IntoView {
    let consents = fetched(session::signed_in, |signed_in| async move {
        if signed_in { privacy::consents().await } else { Ok(Vec::new()) }
    });
    let waits = Memo::new(move |_| open(consents).iter().any(|consent| consent.policy.required));
    let asks = Memo::new(move |_| !open(consents).is_empty());
    view! {
        <Show when=move || asks.get()><Question consents waits/></Show>
        <Show when=move || !waits.get()>{children()}</Show>
    }
}

#[component]
fn Question(consents: Fetched<Vec<Consent>>, waits: Memo<bool>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let agree = move |_| {
        busy.set(true);
        let ids: Vec<_> = untrack(|| open(consents)).into_iter().map(|consent| consent.policy.id).collect();
        spawn_local(async move {
            for policy_id in ids {
                match privacy::consent(&GiveConsent { policy_id, given: true }, &api::new_intent()).await {
                    Ok(list) => consents.set(list),
                    Err(why) => {
                        failure.try_set(Some(why));
                        break;
                    }
                }
            }
            busy.try_set(false);
        });
    };
    let kind = |consent: Consent| t!(&format!("agree.kind.{}", consent.policy.kind.name()));
    let names = move || open(consents).into_iter().map(kind).collect::<Vec<_>>().join(", ");
    view! {
        <Notice>
            <strong>{tr!("account.ask.title")}</strong>
            <p>{move || t!("account.ask.text", names = names())}</p>
            <Show when=move || waits.get()><p>{tr!("account.ask.required")}</p></Show>
            <FailureNotice failure/>
            <p class="ask-deeds">
                <a class="button" href="/account/policies" target="_blank" rel="noopener">{tr!("account.privacy.read")}</a>
                <Button kind=Kind::Primary busy=busy on_press=agree>{tr!("account.ask.yes")}</Button>
            </p>
        </Notice>
    }
}
