//! Mail domains: claimed here, proven by a record in their DNS.

use contract::sign_on::OrganisationDomain;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Badge, Button, FailureNotice, Field, Kind, Remote, Tone},
    fetched, session, t, tr,
};

use super::may_change;
use crate::parts::copy::CopyLine;

/// The domains, and a field for one more.
#[component]
pub fn Domains() -> impl IntoView {
    let domains = fetched(session::organisation, |_| async { staff::sign_on::domains().await });
    let list = move |now: Signal<Vec<OrganisationDomain>>| {
        let row = move |domain| view! { <Row domain domains/> };
        view! { <ul class="card-list">{move || now.get().into_iter().map(row).collect_view()}</ul> }
    };
    view! {
        <section class="stack">
            <h2>{tr!("console.sign_on.domains")}</h2>
            <p class="soft">{tr!("console.sign_on.domains_text")}</p>
            <Remote of=domains view=list/>
            <Show when=may_change><Claim domains/></Show>
        </section>
    }
}

#[component]
fn Row(domain: OrganisationDomain, domains: Fetched<Vec<OrganisationDomain>>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let id = StoredValue::new(domain.id.to_string());
    let check = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = staff::sign_on::verify(&id.get_value()).await;
            busy.try_set(false);
            if answer.is_ok() {
                domains.refetch();
            }
            failure.try_set(answer.err());
        });
    };
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = staff::sign_on::remove_domain(&id.get_value()).await;
            busy.try_set(false);
            if answer.is_ok() {
                domains.refetch();
            }
            failure.try_set(answer.err());
        });
    };
    let proven = domain.verified_at.is_some();
    let badge = if proven {
        view! { <Badge tone=Tone::Ok>{tr!("console.sign_on.proven")}</Badge> }.into_any()
    } else {
        view! { <Badge tone=Tone::Warn>{tr!("console.sign_on.unproven")}</Badge> }.into_any()
    };
    let record = (!proven).then(|| {
        view! {
            <p class="soft">{tr!("console.sign_on.record_text")}</p>
            <CopyLine label=t!("console.sign_on.record_name") text=domain.record_name.clone()/>
            <CopyLine label=t!("console.sign_on.record_value") text=domain.record_value.clone()/>
        }
    });
    view! {
        <li class="card stack">
            <p><strong>{domain.domain}</strong>" "{badge}</p>
            {record}
            <FailureNotice failure/>
            <Show when=may_change>
                <p class="deeds">
                    <Button busy on_press=check>{tr!("console.sign_on.check")}</Button>
                    <Button kind=Kind::Bare busy on_press=remove>{tr!("console.sign_on.remove")}</Button>
                </p>
            </Show>
        </li>
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
    let error = Signal::derive(move || failure.get().and_then(|failure| failure.field("domain")));
    view! {
        <form class="stack" on:submit=send novalidate>
            <FailureNotice failure/>
            <Field label=Signal::derive(tr!("console.sign_on.domain")) name="domain" value=name required=true error
                hint=Signal::derive(tr!("console.sign_on.domain_hint"))/>
            <div><Button busy>{tr!("console.sign_on.claim")}</Button></div>
        </form>
    }
}
