//! Entering an address that is written to no more.

use contract::mail::AddSuppression;
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    api::{self, staff},
    components::Field,
    t, tr,
};

use crate::parts::{dialog::Dialog, form_end::FormEnd, sending::Sending};

/// The form; `done` is called when the address stands in the list.
#[component]
pub fn Add(open: RwSignal<bool>, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let (address, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sending = Sending::new();
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| {
        let wish =
            AddSuppression { address: address.get().trim().to_owned(), note: note.get().trim().to_owned() };
        (wish, api::new_intent())
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let (wish, intent) = wish.get_untracked();
        sending.send(async move { staff::suppressions::add(&wish, &intent).await }, move |_| {
            done.run(());
            open.try_set(false);
        });
    };
    let nothing = Signal::derive(move || wish.with(|(wish, _)| wish.address.is_empty()));
    view! {
        <Dialog open title=t!("console.suppressions.add")>
            <form on:submit=send novalidate>
                <Field label=Signal::derive(tr!("console.suppressions.address")) value=address name="address" kind="email"
                    required=true error=sending.fault("address")/>
                <Field label=Signal::derive(tr!("console.suppressions.note")) value=note name="note"
                    error=sending.fault("note")/>
                <FormEnd failure=sending.failure busy=sending.busy open word="console.suppressions.add_word" disabled=nothing/>
            </form>
        </Dialog>
    }
}
