//! The records: what has to stand in DNS, what was found, and what that is worth.

use contract::sending::{DnsRecord, SendingDomain, Verdict};
use leptos::prelude::*;
use ui::{
    components::{Badge, Tone},
    t, tr,
};

use crate::parts::copy::CopyLine;

/// All records of the domain.
#[component]
pub fn Records(domain: SendingDomain) -> impl IntoView {
    let rows = domain.records.into_iter().map(|record| view! { <Record record/> }).collect_view();
    view! {
        <section class="access-part">
            <header class="part-head">
                <div>
                    <h2>{tr!("console.sending.records")}</h2>
                    <p class="soft">{tr!("console.sending.records_text")}</p>
                </div>
            </header>
            <ul class="card-list">{rows}</ul>
        </section>
    }
}

#[component]
fn Record(record: DnsRecord) -> impl IntoView {
    let kind = record.kind.name();
    let good = record.verdict == Some(Verdict::Good);
    let found =
        record.found.into_iter().map(|text| view! { <li><code>{text}</code></li> }).collect::<Vec<_>>();
    let found = (!found.is_empty() && !good).then(|| {
        view! {
            <div class="sunken-box">
                <p class="soft">{tr!("console.sending.found")}</p>
                <ul class="plain-list">{found}</ul>
            </div>
        }
    });
    let wanted = (!good).then(|| {
        view! {
            <div class="sunken-box">
                <CopyLine label=t!("console.sending.record_name") text=record.name.clone()/>
                <CopyLine label=t!("console.sending.record_value") text=record.wanted/>
            </div>
        }
    });
    view! {
        <li class="card">
            <div class="card-text">
                <p class="card-title"><strong>{kind}</strong><Judged verdict=record.verdict/></p>
                <p class="soft">{t!(&format!("console.sending.for_{}", kind.to_lowercase()))}</p>
                {record.verdict.filter(|_| !good).map(|verdict| {
                    view! { <p>{t!(&format!("console.sending.verdict_{}", verdict.name()))}</p> }
                })}
                {good.then(|| view! { <p><code>{record.name}</code></p> })}
            </div>
            {found}
            {wanted}
        </li>
    }
}

#[component]
fn Judged(verdict: Option<Verdict>) -> impl IntoView {
    let (tone, word) = match verdict {
        None => (Tone::Warn, "console.sending.unknown"),
        Some(Verdict::Good) => (Tone::Ok, "console.sending.good"),
        Some(Verdict::OnlyWatches) => (Tone::Warn, "console.sending.weak"),
        Some(Verdict::Missing) => (Tone::Stop, "console.sending.missing"),
        Some(_) => (Tone::Stop, "console.sending.wrong"),
    };
    view! { <Badge tone>{t!(word)}</Badge> }
}
