//! The gates of a venue: doors where tickets are read.

use contract::{
    Page,
    venues::{CreateGate, Gate, Venue},
};
use domain::Permission;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Remote},
    fetched, session, tr,
};

use crate::pages::scan::zones;

/// The gates, and a line to add one.
#[component]
pub fn Gates(venue: Signal<Venue>) -> impl IntoView {
    let gates = fetched(
        move || venue.get().id.to_string(),
        |venue| async move { staff::venues::gates(&venue).await },
    );
    let own = move || venue.get().own && session::can_somewhere(Permission::VenuesManage);
    let row = |gate: Gate| {
        view! {
            <tr><th scope="row">{gate.name}</th><td class="soft">{zones(&gate.zones)}</td></tr>
        }
    };
    view! {
        <section class="panel">
            <h2>{tr!("console.venues.gates")}</h2>
            <Remote of=gates view={move |page: Signal<Page<Gate>>| view! {
                <Show
                    when=move || !page.get().items.is_empty()
                    fallback=|| view! { <p class="soft">{tr!("console.venues.no_gates")}</p> }
                >
                    <table class="table table-plain">
                        <tbody>{move || page.get().items.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </Show>
            }}/>
            <Show when=own><AddGate venue gates/></Show>
        </section>
    }
}

#[component]
fn AddGate(venue: Signal<Venue>, gates: Fetched<Page<Gate>>) -> impl IntoView {
    let (name, codes) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let codes_typed = codes.get_untracked().to_uppercase();
        let zones =
            codes_typed.split([' ', ',', '·']).filter(|code| !code.is_empty()).map(str::to_owned).collect();
        let gate = CreateGate { name: name.get_untracked().trim().to_owned(), zones };
        let venue = venue.get_untracked().id.to_string();
        spawn_local(async move {
            let answer = staff::venues::create_gate(&venue, &gate, &api::new_intent()).await;
            busy.try_set(false);
            if answer.is_ok() {
                name.try_set(String::new());
                codes.try_set(String::new());
                gates.refetch();
            }
            failure.try_set(answer.err());
        });
    };
    let error = move |name: &'static str| {
        Signal::derive(move || failure.get().and_then(|failure| failure.field(name)))
    };
    view! {
        <form class="inline-form" on:submit=send novalidate>
            <FailureNotice failure/>
            <Field label=Signal::derive(tr!("console.venues.gate_name")) value=name name="gate" required=true error=error("name")/>
            <Field label=Signal::derive(tr!("console.venues.gate_zones")) value=codes name="zones" error=error("zones")
                hint=Signal::derive(tr!("console.venues.gate_zones_hint"))/>
            <Button busy=busy>{tr!("console.venues.add_gate")}</Button>
        </form>
    }
}
