//! The providers, one below the other.

use contract::sign_on::IdentityProvider;
use leptos::prelude::*;
use ui::{
    Fetched,
    api::staff,
    components::{Button, Empty, Glyph, Kind, Remote},
    fetched, session, tr,
};

use super::form::Edit;
use super::may_change;
use super::provider::Provider;

/// The providers, and a button for one more.
#[component]
pub fn Providers() -> impl IntoView {
    let providers = fetched(session::organisation, |_| async { staff::sign_on::providers().await });
    let (editing, open) = (RwSignal::new(None::<IdentityProvider>), RwSignal::new(false));
    let edit = Callback::new(move |provider: Option<IdentityProvider>| {
        editing.set(provider);
        open.set(true);
    });
    view! {
        <section class="access-part">
            <header class="part-head">
                <div>
                    <h2>{tr!("console.sign_on.providers")}</h2>
                    <p class="soft">{tr!("console.sign_on.providers_text")}</p>
                </div>
                <Show when=may_change>
                    <Button kind=Kind::Primary on_press=move |_| edit.run(None)>{tr!("console.sign_on.new")}</Button>
                </Show>
            </header>
            <Remote of=providers view={move |now: Signal<Vec<IdentityProvider>>| view! { <List now providers edit/> }}/>
        </section>
        {move || open.get().then(|| {
            let provider = editing.get_untracked();
            view! { <Edit open providers provider/> }
        })}
    }
}

#[component]
fn List(
    now: Signal<Vec<IdentityProvider>>,
    providers: Fetched<Vec<IdentityProvider>>,
    edit: Callback<Option<IdentityProvider>>,
) -> impl IntoView {
    let row = move |provider| view! { <Provider provider providers edit/> };
    let none = || {
        view! {
            <Empty glyph=Glyph::Lock title=Signal::derive(tr!("console.sign_on.no_providers"))>
                <p>{tr!("console.sign_on.no_providers_text")}</p>
            </Empty>
        }
    };
    view! {
        <Show when=move || now.with(|now| !now.is_empty()) fallback=none>
            <ul class="card-list">{move || now.get().into_iter().map(row).collect_view()}</ul>
        </Show>
    }
}
