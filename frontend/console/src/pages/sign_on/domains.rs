//! Mail domains, one below the other, and claiming one more.

use contract::sign_on::OrganisationDomain;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Remote},
    fetched, session, tr,
};

use super::claimed::Claimed;
use super::may_change;

/// The domains, and a field for one more.
#[component]
pub fn Domains() -> impl IntoView {
    let domains = fetched(session::organisation, |_| async { staff::sign_on::domains().await });
    let list = move |now: Signal<Vec<OrganisationDomain>>| {
        let row = move |domain| view! { <Claimed domain domains/> };
        view! {
            <Show when=move || now.with(|now| !now.is_empty())>
                <ul class="card-list">{move || now.get().into_iter().map(row).collect_view()}</ul>
            </Show>
        }
    };
    view! {
        <section class="access-part">
            <header class="part-head">
                <div>
                    <h2>{tr!("console.sign_on.domains")}</h2>
                    <p class="soft">{tr!("console.sign_on.domains_text")}</p>
                </div>
            </header>
            <Remote of=domains view=list/>
            <Show when=may_change><Claim domains/></Show>
        </section>
    }
}

#[component]
fn Claim(domains: Fetched<Vec<OrganisationDomain>>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One key for each thing that was sent: a form that was mended is a new wish.
    let intent = Memo::new(move |_| {
        name.track();
        api::new_intent()
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let domain = name.get_untracked().trim().to_owned();
            let answer = staff::sign_on::claim(domain, &intent.get_untracked()).await;
            busy.try_set(false);
            if answer.is_ok() {
                name.try_set(String::new());
                domains.refetch();
            }
            failure.try_set(answer.err());
        });
    };
    let error = Signal::derive(move || failure.with(|it| it.as_ref().and_then(|it| it.field("domain"))));
    // What stands at the field is not said twice.
    let other = Signal::derive(move || failure.get().filter(|_| error.with(Option::is_none)));
    view! {
        <form class="claim" on:submit=send novalidate>
            <FailureNotice failure=other/>
            <div class="claim-line">
                <Field label=Signal::derive(tr!("console.sign_on.domain")) name="domain" value=name required=true error
                    hint=Signal::derive(tr!("console.sign_on.domain_hint"))/>
                <Button busy>{tr!("console.sign_on.claim")}</Button>
            </div>
        </form>
    }
}
