//! Writing an announcement.

use contract::notices::{Announce, Announcement};
use domain::Role;
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    api::{self, staff},
    components::{Chip, Field},
    t, tr,
};

use crate::parts::{dialog::Dialog, form_end::FormEnd, listing::Listing, sending::Sending, words};

/// Who works for an organisation, by role.
const STAFF: [Role; 6] =
    [Role::Owner, Role::Admin, Role::Operator, Role::BoxOffice, Role::Scanner, Role::Viewer];

#[component]
pub fn Form(open: RwSignal<bool>, all: Listing<Announcement>) -> impl IntoView {
    let (title, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let roles = RwSignal::new(Vec::<Role>::new());
    let sending = Sending::new();
    // One key for each thing that was sent: what was mended is a new wish.
    let wish = Memo::new(move |_| {
        let wish = Announce { title: title.get(), text: text.get(), roles: roles.get() };
        (wish, api::new_intent())
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let (wish, intent) = wish.get_untracked();
        sending.send(async move { staff::announcements::announce(&wish, &intent).await }, move |_| {
            all.first.refetch();
            open.try_set(false);
        });
    };
    let turn = move |role: Role| {
        roles.update(|roles| match roles.iter().position(|it| *it == role) {
            Some(place) => drop(roles.remove(place)),
            None => roles.push(role),
        });
    };
    let chip = move |role: Role| {
        let on = Signal::derive(move || roles.with(|roles| roles.contains(&role)));
        view! { <Chip on on_press=move |()| turn(role)>{words::role(role)}</Chip> }
    };
    let everybody = Signal::derive(move || roles.with(Vec::is_empty));
    view! {
        <Dialog open title=t!("console.announcements.new") class="dialog dialog-wide">
            <form on:submit=send novalidate>
                <Field label=Signal::derive(tr!("console.announcements.subject")) name="title" value=title required=true
                    error=sending.fault("title")/>
                <div class="field">
                    <label class="field-label" for="announcement-text">{tr!("console.announcements.body")}</label>
                    <textarea id="announcement-text" class="field-input" rows="5" maxlength="2000" prop:value=text
                        aria-invalid=move || sending.fault("text").get().map(|_| "true")
                        on:input=move |event| text.set(event_target_value(&event))></textarea>
                    <p class="field-error" role="alert">{move || sending.fault("text").get()}</p>
                </div>
                <fieldset class="hook-picks">
                    <legend class="field-label">{tr!("console.announcements.to")}</legend>
                    <div class="chips">
                        <Chip on=everybody on_press=move |()| roles.set(Vec::new())>{tr!("console.announcements.everybody")}</Chip>
                        {STAFF.map(chip).collect_view()}
                    </div>
                </fieldset>
                <p class="soft">{tr!("console.announcements.goes")}</p>
                <FormEnd failure=sending.failure busy=sending.busy open word="console.announcements.send"/>
            </form>
        </Dialog>
    }
}
