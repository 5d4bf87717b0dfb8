//! How live updates fare: for those who run Ringside.

use std::time::Duration;

use contract::live::{LiveRoom, LiveServer, LiveStatistics};
use leptos::prelude::*;
use ui::{
    api::staff,
    components::{Button, Remote},
    fetched, format, session, t, tr,
};

use crate::parts::score::Score;

/// How often the page looks by itself.
const LOOKS_EVERY: Duration = Duration::from_secs(5);

/// The page at `/console/live`.
#[component]
pub fn LivePage() -> impl IntoView {
    let live = fetched(session::organisation, |_| staff::live::statistics());
    let look = move || {
        if untrack(|| live.failure()).is_none() {
            live.refetch();
        }
    };
    if let Ok(handle) = set_interval_with_handle(look, LOOKS_EVERY) {
        on_cleanup(move || handle.clear());
    }
    view! {
        <header class="page-head">
            <h1>{tr!("console.live.title")}</h1>
            <Button on_press=move |_| live.refetch() busy=Signal::derive(move || live.loading())>
                {tr!("console.live.look_again")}
            </Button>
        </header>
        <p class="soft">{tr!("console.live.text")}</p>
        <div class="jobs">
            <Remote of=live view={move |now: Signal<LiveStatistics>| view! { <Statistics now/> }}/>
        </div>
    }
}

#[component]
fn Statistics(now: Signal<LiveStatistics>) -> impl IntoView {
    let number = move |of: fn(&LiveStatistics) -> u64| Signal::derive(move || count(now.with(of)));
    let sockets = number(|now| now.servers.iter().map(|server| server.sockets).sum());
    let longest = move || t!("console.live.longest", count = count(now.with(|now| now.longest)));
    view! {
        <div class="score">
            <Score mark="sockets" name=Signal::derive(tr!("console.live.sockets")) value=sockets>""</Score>
            <Score mark="delivered" name=Signal::derive(tr!("console.live.delivered")) value=number(|now| now.delivered)>""</Score>
            <Score mark="waiting" name=Signal::derive(tr!("console.live.waiting")) value=number(|now| now.waiting)>
                <p class="soft">{longest}</p>
            </Score>
            <Score mark="behind" name=Signal::derive(tr!("console.live.behind")) value=number(|now| now.behind)>
                <p class="soft">{move || t!("console.live.dropped", count = count(now.with(|now| now.dropped)))}</p>
            </Score>
        </div>
        <h2>{tr!("console.live.servers")}</h2>
        <div class="table-frame"><table class="table">
            <thead><tr>
                <th scope="col">{tr!("console.live.server")}</th>
                <th scope="col" class="number">{tr!("console.live.sockets")}</th>
                <th scope="col" class="number">{tr!("console.live.rooms")}</th>
            </tr></thead>
            <tbody>{move || now.get().servers.into_iter().map(server).collect_view()}</tbody>
        </table></div>
        <h2>{tr!("console.live.rooms")}</h2>
        <Show when=move || now.with(|now| !now.rooms.is_empty()) fallback=|| view! { <p class="soft">{tr!("console.live.nobody")}</p> }>
            <div class="table-frame"><table class="table">
                <thead><tr>
                    <th scope="col">{tr!("console.live.room")}</th>
                    <th scope="col" class="number">{tr!("console.live.sockets")}</th>
                    <th scope="col" class="number">{tr!("console.live.told")}</th>
                </tr></thead>
                <tbody>{move || now.get().rooms.into_iter().map(room).collect_view()}</tbody>
            </table></div>
        </Show>
    }
}

fn server(server: LiveServer) -> impl IntoView {
    // The end of the id tells servers apart: its beginning is the time they started.
    let id = server.id.simple().to_string();
    view! {
        <tr>
            <td><span class="code">{id[id.len() - 8..].to_owned()}</span>" "
                {server.is_this.then(|| view! { <span class="soft">{tr!("console.live.this")}</span> })}</td>
            <Counted of=server.sockets as_="console.live.sockets"/>
            <Counted of=server.rooms as_="console.live.rooms"/>
        </tr>
    }
}

fn room(room: LiveRoom) -> impl IntoView {
    view! {
        <tr>
            <td class="code">{room.topic}</td>
            <Counted of=room.sockets as_="console.live.sockets"/>
            <Counted of=room.told as_="console.live.told"/>
        </tr>
    }
}

/// A number of a table; on a phone, which shows no heads, with what is counted.
#[component]
fn Counted(of: u64, as_: &'static str) -> impl IntoView {
    view! { <td class="number">{count(of)}<span class="under narrow-only">{tr!(as_)}</span></td> }
}

fn count(count: u64) -> String {
    format::number(i64::try_from(count).unwrap_or(i64::MAX))
}
