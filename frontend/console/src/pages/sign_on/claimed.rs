//! A domain that was claimed: whether it is proven, by which record, and giving it up.

use contract::sign_on::OrganisationDomain;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::staff,
    components::{Badge, Button, FailureNotice, Kind, Notice, Tone},
    format::{self, Style},
    t, tr,
};

use super::may_change;
use crate::parts::{copy::CopyLine, sure::Sure};

/// The domain's card.
#[component]
pub fn Claimed(domain: OrganisationDomain, domains: Fetched<Vec<OrganisationDomain>>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let removing = RwSignal::new(false);
    let kept = StoredValue::new(domain.clone());
    // The record is shown where it has to be published.
    let to_publish = domain.verified_at.is_none() || domain.missing_since.is_some();
    view! {
        <li class="card">
            <div class="card-text">
                <p class="card-title"><strong>{domain.domain.clone()}</strong><State domain=domain.clone()/></p>
                {domain.checked_at.map(|at| {
                    let at = format::here(at, Style::Full);
                    view! { <p class="soft small">{t!("console.sign_on.checked", at = at)}</p> }
                })}
            </div>
            <Show when=may_change>
                <p class="deeds">
                    <Check domain=kept.get_value() domains failure/>
                    <Button kind=Kind::Bare class="button-small" on_press=move |_| removing.set(true)>{tr!("console.sign_on.remove")}</Button>
                </p>
            </Show>
            <FailureNotice failure/>
            {to_publish.then(|| view! { <Record domain/> })}
            <Show when=move || removing.get()><Remove domain=kept.get_value() open=removing domains/></Show>
        </li>
    }
}

#[component]
fn State(domain: OrganisationDomain) -> impl IntoView {
    let (tone, word) = match (domain.verified_at, domain.missing_since) {
        (Some(_), None) => (Tone::Ok, "console.sign_on.proven"),
        (Some(_), Some(_)) => (Tone::Warn, "console.sign_on.missing"),
        (None, Some(_)) => (Tone::Stop, "console.sign_on.lost"),
        (None, None) => (Tone::Warn, "console.sign_on.unproven"),
    };
    view! { <Badge tone>{t!(word)}</Badge> }
}

/// What has to be published, and until when.
#[component]
fn Record(domain: OrganisationDomain) -> impl IntoView {
    let until = domain.lost_at.filter(|_| domain.verified_at.is_some());
    view! {
        {until.map(|until| {
            let until = format::here(until, Style::LongDate);
            view! { <Notice tone=Tone::Warn>{t!("console.sign_on.missing_text", until = until)}</Notice> }
        })}
        <div class="sunken-box">
            <p class="soft">{tr!("console.sign_on.record_text")}</p>
            <CopyLine label=t!("console.sign_on.record_name") text=domain.record_name/>
            <CopyLine label=t!("console.sign_on.record_value") text=domain.record_value/>
        </div>
    }
}

/// Looks for the record.
#[component]
fn Check(
    domain: OrganisationDomain,
    domains: Fetched<Vec<OrganisationDomain>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
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
    view! { <Button class="button-small" busy on_press=check>{tr!("console.sign_on.check")}</Button> }
}

#[component]
fn Remove(
    domain: OrganisationDomain,
    open: RwSignal<bool>,
    domains: Fetched<Vec<OrganisationDomain>>,
) -> impl IntoView {
    let id = StoredValue::new(domain.id.to_string());
    let deed = move || async move { staff::sign_on::remove_domain(&id.get_value()).await };
    view! {
        <Sure open title=t!("console.sign_on.domain_remove_title", domain = domain.domain)
            text=t!("console.sign_on.domain_remove_text") word=t!("console.sign_on.remove") deed
            done=move |()| domains.refetch()/>
    }
}
