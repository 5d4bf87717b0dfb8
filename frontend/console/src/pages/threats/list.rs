//! All attempts, newest first.

use contract::threats::Threat;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{
    api::staff,
    components::{Button, Empty, Glyph, Remote},
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{
    listing::{Listing, More, listing, travel_rows},
    words::State,
};

/// The page at `/console/threats`; the drawer lies over it.
#[component]
pub fn ThreatList() -> impl IntoView {
    let threats =
        listing(session::organisation, |_, after| async move { staff::threats::list(&after).await });
    view! {
        <header class="page-head">
            <h1>{tr!("console.threats.title")}</h1>
            <Button on_press=move |_| threats.first.refetch() busy=Signal::derive(move || threats.first.loading())>
                {tr!("console.threats.look_again")}
            </Button>
        </header>
        <Remote of=threats.first view={move |_| view! { <Table threats/> }}/>
    }
}

#[component]
fn Table(threats: Listing<Threat>) -> impl IntoView {
    let path = use_location().pathname;
    let row = move |threat: Threat| {
        let address = format!("/console/threats/{}", threat.id);
        let chosen = {
            let address = address.clone();
            move || path.with(|path| *path == address)
        };
        let kind = threat.kind.name();
        view! {
            <tr class:chosen=chosen>
                <td>
                    <a class="row-link" href=address>{move || t!(&format!("console.threats.kinds.{kind}"))}</a>
                    <span class="under code">{threat.network}</span>
                </td>
                <td><State of=threat.state/></td>
                <td class="number">{format::number(threat.count)}</td>
                <td class="wide-only nowrap">{format::here(threat.last_seen, Style::Full)}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !threats.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Lock title=Signal::derive(tr!("console.threats.none"))>
                <p>{tr!("console.threats.none_hint")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.threats.what")}</th>
                            <th scope="col">{tr!("console.threats.state")}</th>
                            <th scope="col" class="number">{tr!("console.threats.tries")}</th>
                            <th scope="col" class="wide-only">{tr!("console.threats.last_seen")}</th>
                        </tr>
                    </thead>
                    <tbody>{move || threats.rows().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <More of=threats/>
        </Show>
    }
}
