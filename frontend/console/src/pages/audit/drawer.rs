//! One entry: who, from where, and what it was beside what it became.

use std::collections::BTreeSet;

use contract::{Page, audit::AuditEntry};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::Value;
use ui::{
    api::staff,
    components::Remote,
    fetched,
    format::{self, Style},
    t, tr,
};

use crate::parts::drawer::Drawer;

/// The drawer at `/console/audit/{entry_id}`.
#[component]
pub fn AuditDrawer() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("entry_id").unwrap_or_default()));
    let found = fetched(move || id.get(), |id| async move { staff::audit::find(&id).await });
    let name = move || {
        let action = found.get().and_then(|page| page.items.into_iter().next()).map(|entry| entry.action);
        action.unwrap_or_else(|| t!("console.audit.title"))
    };
    let content = move |page: Signal<Page<AuditEntry>>| {
        move || match page.get().items.into_iter().next() {
            Some(entry) => view! { <Entry entry/> }.into_any(),
            None => view! { <p>{tr!("console.audit.gone")}</p> }.into_any(),
        }
    };
    view! { <Drawer name=Signal::derive(name) back="/console/audit"><Remote of=found view=content/></Drawer> }
}

#[component]
fn Entry(entry: AuditEntry) -> impl IntoView {
    let narrow = |part: &str, value: &str| format!("/console/audit?{part}={value}");
    let id = |part: &'static str, id: Option<uuid::Uuid>| {
        id.map(|id| {
            let text = id.to_string();
            view! { <a href=narrow(part, &text)><code>{text.clone()}</code></a> }
        })
    };
    let address = entry.ip.clone().map(|ip| view! { <a href=narrow("ip", &ip)>{ip.clone()}</a> });
    let who =
        entry.actor_name.clone().unwrap_or_else(|| t!(&format!("console.audit.kind.{}", entry.actor_kind)));
    let changed = entry.before.is_some() || entry.after.is_some();
    view! {
        <dl class="facts">
            <dt>{tr!("console.audit.at")}</dt><dd>{format::here(entry.at, Style::Full)}</dd>
            <dt>{tr!("console.audit.actor")}</dt><dd>{who}" "{id("actor", entry.actor_id)}</dd>
            <dt>{tr!("console.audit.ip")}</dt><dd>{address}</dd>
            <dt>{tr!("console.audit.subject")}</dt><dd>{id("subject", entry.subject_id)}</dd>
            <dt>{tr!("console.audit.request")}</dt><dd><code>{entry.request_id.clone()}</code></dd>
            <dt>{tr!("console.audit.position")}</dt><dd>{entry.position.to_string()}</dd>
        </dl>
        {changed.then(|| view! { <Changes before=entry.before after=entry.after/> })}
    }
}

/// Field by field, what it was beside what it became.
#[component]
fn Changes(before: Option<Value>, after: Option<Value>) -> impl IntoView {
    let names = |value: &Option<Value>| match value {
        Some(Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let fields: BTreeSet<String> = names(&before).into_iter().chain(names(&after)).collect();
    let of = |value: &Option<Value>, field: &str| match value.as_ref().and_then(|value| value.get(field)) {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    let rows = fields.into_iter().map(|field| {
        let (old, new) = (of(&before, &field), of(&after, &field));
        view! {
            <tr>
                <th scope="row">{field}</th>
                <td><pre class="letter-plain">{old}</pre></td>
                <td><pre class="letter-plain">{new}</pre></td>
            </tr>
        }
    });
    view! {
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tr!("console.audit.field")}</th>
                        <th scope="col">{tr!("console.audit.before")}</th>
                        <th scope="col">{tr!("console.audit.after")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
