//! All that was done in the organisation, newest first.

use contract::audit::{AuditEntry, AuditVerification};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use ui::{
    Failure,
    api::staff::audit::{self, AuditFilter},
    components::{Button, Chip, Empty, FailureNotice, Glyph, Notice, Remote, Tone},
    fetched,
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{
    download,
    listing::{Chips, Listing, More, in_address, listing, query_string, travel_rows},
};

/// What actions begin with, and the key of its word.
const AREAS: [(&str, &str); 8] = [
    ("person.", "people"),
    ("member.", "members"),
    ("event.", "events"),
    ("order.", "orders"),
    ("payment.", "payments"),
    ("ticket.", "tickets"),
    ("delivery.", "letters"),
    ("privacy.", "privacy"),
];

/// The filters as they stand in the address.
fn in_the_address() -> Memo<AuditFilter> {
    let part = |name| in_address(name).0;
    let (action, actor, subject) = (part("action"), part("actor"), part("subject"));
    let (ip, from, to) = (part("ip"), part("from"), part("to"));
    Memo::new(move |_| AuditFilter {
        action: action.get(),
        actor: actor.get(),
        subject: subject.get(),
        ip: ip.get(),
        from: from.get(),
        to: to.get(),
    })
}

/// The page at `/console/audit`; the drawer lies over it.
#[component]
pub fn AuditList() -> impl IntoView {
    let filter = in_the_address();
    let entries = listing(
        move || (session::organisation(), filter.get()),
        |(_, filter), after| async move { audit::list(&filter, &after).await },
    );
    let areas =
        AREAS.into_iter().map(|(prefix, name)| (prefix.to_owned(), format!("console.audit.area.{name}")));
    view! {
        <header class="page-head">
            <h1>{tr!("console.audit.title")}</h1>
            <Export filter/>
        </header>
        <ChainState/>
        <div class="filters"><Chips name="action" options=areas.collect()/></div>
        <Narrowed/>
        <Remote of=entries.first view={move |_| view! { <Table entries/> }}/>
    }
}

/// What else narrows the list, each to be taken away.
#[component]
fn Narrowed() -> impl IntoView {
    let chip = |name: &'static str| {
        let (value, set) = in_address(name);
        let words = move || t!(&format!("console.audit.only.{name}"), value = value.get());
        view! {
            <Show when=move || !value.get().is_empty()>
                <Chip on=Signal::derive(|| true) on_press=move |()| set.run(String::new())>{words}" ×"</Chip>
            </Show>
        }
    };
    view! { <div class="chips">{["actor", "subject", "ip", "from", "to"].map(chip).collect_view()}</div> }
}

/// Saves what the list shows as a file.
#[component]
fn Export(filter: Memo<AuditFilter>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let save = move |form: &'static str, kind: &'static str| {
        busy.set(true);
        let filter = filter.get_untracked();
        spawn_local(async move {
            let answer = audit::export(&filter, form).await;
            let answer = answer.and_then(|bytes| download::save(&bytes, kind, &format!("audit.{form}")));
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    view! {
        <span class="page-deeds">
            <Button busy=busy on_press=move |_| save("csv", "text/csv")>{tr!("console.audit.csv")}</Button>
            <Button busy=busy on_press=move |_| save("jsonl", "application/x-ndjson")>{tr!("console.audit.jsonl")}</Button>
        </span>
        <FailureNotice failure/>
    }
}

/// Whether the log is as it was written.
#[component]
fn ChainState() -> impl IntoView {
    let state = fetched(session::organisation, |_| async { audit::verification().await });
    view! { <Remote of=state view={move |state: Signal<AuditVerification>| view! { <Chain state/> }}/> }
}

#[component]
fn Chain(state: Signal<AuditVerification>) -> impl IntoView {
    move || {
        let state = state.get();
        let waiting = format::number(state.waiting);
        if let Some(fault) = state.fault {
            let how = t!(&format!("console.audit.fault.{}", fault.kind.name()));
            let position = fault.position.to_string();
            return view! {
                <Notice tone=Tone::Stop>{t!("console.audit.touched", how = how, position = position)}</Notice>
            }
            .into_any();
        }
        match state.checked_at {
            None => view! { <Notice>{t!("console.audit.unchecked", waiting = waiting)}</Notice> }.into_any(),
            Some(at) => {
                let (to, at) = (format::number(state.verified_to), format::here(at, Style::Full));
                let words = t!("console.audit.verified", count = to, at = at, waiting = waiting);
                view! {
                    <Notice tone=Tone::Ok>
                        <p>{words}</p>
                        {state.head.map(|head| view! { <p class="small soft"><code>{head}</code></p> })}
                    </Notice>
                }
                .into_any()
            }
        }
    }
}

#[component]
fn Table(entries: Listing<AuditEntry>) -> impl IntoView {
    let query = query_string();
    let path = use_location().pathname;
    let row = move |entry: AuditEntry| {
        let address = format!("/console/audit/{}", entry.id);
        let chosen = {
            let address = address.clone();
            move || path.with(|path| *path == address)
        };
        let who = entry.actor_name.unwrap_or_else(|| t!(&format!("console.audit.kind.{}", entry.actor_kind)));
        view! {
            <tr class:chosen=chosen>
                <td>
                    <a class="row-link" href=move || format!("{address}{}", query.get())>{entry.action}</a>
                    <span class="under">{format::here(entry.at, Style::Full)}</span>
                </td>
                <td>{who}</td>
                <td class="wide-only nowrap">{entry.ip}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !entries.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Search title=Signal::derive(tr!("console.audit.none"))>
                <p>{tr!("console.audit.none_hint")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.audit.action")}</th>
                            <th scope="col">{tr!("console.audit.actor")}</th>
                            <th scope="col" class="wide-only">{tr!("console.audit.ip")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || entries.rows().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <More of=entries/>
        </Show>
    }
}
