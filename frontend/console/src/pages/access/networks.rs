//! From which networks members act.

use contract::networks::{AllowedNetworks, SetNetworks};
use domain::Permission;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::staff,
    components::{Button, FailureNotice, Field, Kind, Notice, Remote, Tone},
    fetched, session, t, tr,
};

use crate::shell::NotAllowed;

/// The page at `/console/networks`.
#[component]
pub fn NetworksPage() -> impl IntoView {
    let page = || {
        let networks = fetched(session::organisation, |_| async { staff::keys::networks().await });
        view! {
            <header class="page-head"><h1>{tr!("console.networks.title")}</h1></header>
            <p class="soft">{tr!("console.networks.text")}</p>
            <Remote of=networks view={move |now: Signal<AllowedNetworks>| view! { <Form now=now.get_untracked()/> }}/>
        }
    };
    view! {
        <Show when=|| session::can(Permission::OrganisationManage) fallback=|| view! { <NotAllowed/> }>
            {page()}
        </Show>
    }
}

/// The lines of a text, without empty ones.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[component]
fn Form(now: AllowedNetworks) -> impl IntoView {
    let text = RwSignal::new(now.networks.join("\n"));
    let (busy, saved, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        saved.set(false);
        let wish = SetNetworks { networks: lines(&text.get_untracked()) };
        spawn_local(async move {
            let answer = staff::keys::set_networks(&wish).await;
            busy.try_set(false);
            saved.try_set(answer.is_ok());
            if let Ok(now) = &answer {
                text.try_set(now.networks.join("\n"));
            }
            failure.try_set(answer.err());
        });
    };
    let own = now.own_address.unwrap_or_default();
    view! {
        <form class="stack" on:submit=send novalidate>
            <FailureNotice failure/>
            <Show when=move || saved.get()><Notice tone=Tone::Ok>{tr!("console.networks.saved")}</Notice></Show>
            <Field label=Signal::derive(tr!("console.networks.list")) kind="area" name="networks" value=text
                hint=Signal::derive(tr!("console.networks.hint"))/>
            <p class="soft">{t!("console.networks.own", address = own)}</p>
            <Button kind=Kind::Primary busy=busy>{tr!("console.networks.save")}</Button>
        </form>
    }
}
