//! From whose address mail comes, and what DNS says of it.

mod address;
mod records;

use contract::sending::SendingDomain;
use domain::Permission;
use leptos::prelude::*;
use ui::{
    Fetched,
    api::staff,
    components::{Button, Empty, Glyph, Kind, Remote},
    fetched, session, tr,
};

use address::{Edit, Own};
use records::Records;

/// The address, or none.
type Own = Fetched<Option<SendingDomain>>;

/// Whether the person may change it. Tracks.
fn may_change() -> bool {
    session::can(Permission::OrganisationManage)
}

/// The page at `/console/sending`.
#[component]
pub fn SendingPage() -> impl IntoView {
    let own = fetched(session::organisation, |_| staff::sending::get());
    let editing = RwSignal::new(false);
    let found = move |now: Signal<Option<SendingDomain>>| {
        let shown = move || {
            now.get().map(|domain| {
                view! { <Own domain=domain.clone() own editing/><Records domain/> }
            })
        };
        view! {
            <Show when=move || now.with(Option::is_some) fallback=move || view! { <Missing editing/> }>{shown}</Show>
        }
    };
    let before = move || own.get().flatten();
    view! {
        <header class="page-head">
            <div>
                <h1>{tr!("console.sending.title")}</h1>
                <p class="soft">{tr!("console.sending.text")}</p>
            </div>
        </header>
        <Remote of=own view=found/>
        <Show when=move || editing.get()><Edit before=untrack(before) own open=editing/></Show>
    }
}

#[component]
fn Missing(editing: RwSignal<bool>) -> impl IntoView {
    view! {
        <Empty glyph=Glyph::Mail title=Signal::derive(tr!("console.sending.none"))>
            <p>{tr!("console.sending.none_hint")}</p>
            <Show when=may_change>
                <Button kind=Kind::Primary on_press=move |_| editing.set(true)>{tr!("console.sending.set_up")}</Button>
            </Show>
        </Empty>
    }
}
