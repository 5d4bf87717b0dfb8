//! Addresses that are written to no more.

use contract::mail::{Suppression, SuppressionReason};
use domain::Permission;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::staff,
    components::{Button, Empty, FailureNotice, Glyph, Icon, Kind, Remote},
    format::{self, Style},
    session, t, tr,
};

use super::{Parts, add::Add};
use crate::parts::{
    download,
    listing::{Chips, Listing, More, Search, in_address, listing},
    sure::Sure,
    words::{State, Stated},
};
use crate::shell::NotAllowed;

fn may_change() -> bool {
    session::can(Permission::DeliveriesManage)
}

/// The page at `/console/deliveries/suppressions`.
#[component]
pub fn SuppressionsPage() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::DeliveriesRead) fallback=|| view! { <NotAllowed/> }><Page/></Show>
    }
}

#[component]
fn Page() -> impl IntoView {
    let (reason, _) = in_address("reason");
    let (q, _) = in_address("q");
    let list = listing(
        move || (session::organisation(), reason.get(), q.get()),
        |(_, reason, q), after| async move { staff::suppressions::list(&reason, &q, &after).await },
    );
    let adding = RwSignal::new(false);
    let reasons =
        SuppressionReason::ALL.into_iter().map(|reason| (reason.name().to_owned(), reason.key())).collect();
    view! {
        <header class="page-head">
            <div>
                <h1>{tr!("console.suppressions.title")}</h1>
                <p class="soft">{tr!("console.suppressions.text")}</p>
            </div>
            <Show when=may_change>
                <div class="page-actions">
                    <Export reason q/>
                    <Button kind=Kind::Primary on_press=move |_| adding.set(true)>{tr!("console.suppressions.add")}</Button>
                </div>
            </Show>
        </header>
        <Parts/>
        <div class="filters">
            <Search label=Signal::derive(tr!("console.suppressions.search"))/>
            <Chips name="reason" options=reasons/>
        </div>
        <Remote of=list.first view={move |_| view! { <Table list/> }}/>
        <Show when=move || adding.get()><Add open=adding done=move |()| list.first.refetch()/></Show>
    }
}

#[component]
fn Export(reason: Signal<String>, q: Signal<String>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let export = move |_| {
        busy.set(true);
        let (reason, q) = (reason.get_untracked(), q.get_untracked());
        spawn_local(async move {
            let answer = staff::suppressions::csv(&reason, &q).await;
            let answer = answer.and_then(|bytes| download::save(&bytes, "text/csv", "suppressions.csv"));
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    view! {
        <FailureNotice failure/>
        <Button busy=busy on_press=export><Icon glyph=Glyph::Download/>{tr!("console.suppressions.export")}</Button>
    }
}

#[component]
fn Table(list: Listing<Suppression>) -> impl IntoView {
    let row = move |entry: Suppression| view! { <Row entry list/> };
    view! {
        <Show when=move || !list.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Mail title=Signal::derive(tr!("console.suppressions.none"))>
                <p>{tr!("console.suppressions.none_hint")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.suppressions.address")}</th>
                            <th scope="col">{tr!("console.suppressions.reason")}</th>
                            <th scope="col" class="wide-only">{tr!("console.suppressions.since")}</th>
                            <th scope="col"><span class="unseen">{tr!("console.suppressions.remove")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{move || list.rows().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <More of=list/>
        </Show>
    }
}

#[component]
fn Row(entry: Suppression, list: Listing<Suppression>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let id = entry.id.to_string();
    let address = entry.address.clone();
    let letter = entry.delivery_id.filter(|_| entry.delivery_kept);
    let (detail, named) = (entry.detail.clone(), entry.address.clone());
    view! {
        <tr>
            <td>
                <span class="as-typed">{entry.address}</span>
                <span class="under">
                    {detail}
                    {letter.map(|id| view! { " "<a href=format!("/console/deliveries/{id}")>{tr!("console.suppressions.letter")}</a> })}
                </span>
            </td>
            <td><State of=entry.reason/></td>
            <td class="wide-only nowrap">{format::here(entry.created_at, Style::Full)}</td>
            <td class="number">
                <Show when=may_change>
                    <Button on_press=move |_| asking.set(true)>{tr!("console.suppressions.remove")}</Button>
                </Show>
                {move || asking.get().then(|| {
                    let id = id.clone();
                    view! {
                        <Sure open=asking title=t!("console.suppressions.remove_title", address = address.clone())
                            text=t!("console.suppressions.remove_text", address = named.clone())
                            word=t!("console.suppressions.remove")
                            deed=move || { let id = id.clone(); async move { staff::suppressions::remove(&id).await } }
                            done=move |()| list.first.refetch()/>
                    }
                })}
            </td>
        </tr>
    }
}
