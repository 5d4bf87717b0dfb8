//! The dialog in which people prove once more who they are. An app shows it once, beside its pages:
//! every call that needs a proof then waits for it (see [`crate::confirm`]).

use contract::factors::Confirmation;
use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::prove::Prove;
use super::remote::Remote;
use crate::api::factors::{self, Question};
use crate::{confirm, fetched, words};

/// Waits to be needed.
#[component]
pub fn ConfirmIdentity() -> impl IntoView {
    let open = RwSignal::new(false);
    confirm::install(move || open.set(true));
    view! { <Show when=move || open.get()><Asking open/></Show> }
}

/// The browser's own dialog keeps the focus inside and closes on Escape; closing it is a no.
#[component]
fn Asking(open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    dialog.on_load(|dialog| {
        if dialog.show_modal().is_err() {
            // An element that is not in the page yet cannot be modal; it is shown all the same.
            dialog.show();
        }
    });
    let end = Callback::new(move |proved: bool| {
        open.set(false);
        confirm::settle(proved);
    });
    let asked = fetched(|| (), |()| factors::start_confirmation());
    let question = move |asked_now: Signal<Confirmation>| {
        move || {
            let Confirmation { id, methods, .. } = asked_now.get();
            let done = move |()| end.run(true);
            // Over: asked anew, with the reason told by the new question being there.
            let over = move |_| asked.refetch();
            view! { <Prove question=Question::Confirmation(id) methods done over/> }
        }
    };
    view! {
        <dialog class="confirm-identity" node_ref=dialog aria-labelledby="confirm-identity" on:close=move |_| end.run(false)>
            <header>
                <h2 id="confirm-identity">{words("proof.title")}</h2>
                <button type="button" class="button button-bare button-round" aria-label=words("actions.close")
                    on:click=move |_| end.run(false)><Icon glyph=Glyph::Close/></button>
            </header>
            <p class="soft">{words("proof.why")}</p>
            <Remote of=asked view=question/>
        </dialog>
    }
}
