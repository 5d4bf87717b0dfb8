//! The address: shown, written, taken away.

use contract::sending::{SendingDomain, WriteSendingDomain};
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    api::staff,
    components::{Badge, Button, FailureNotice, Field, Kind, Tone},
    format::{self, Style},
    t, tr,
};

use super::{Own as Found, may_change};
use crate::parts::{dialog::Dialog, form_end::FormEnd, sending::Sending, sure::Sure};

/// The address, whether it is in use, and what can be done about it.
#[component]
pub fn Own(domain: SendingDomain, own: Found, editing: RwSignal<bool>) -> impl IntoView {
    let (removing, renewing) = (RwSignal::new(false), RwSignal::new(false));
    let asking = Sending::new();
    let ask = move |_| asking.send(staff::sending::check(), move |_| own.refetch());
    let (tone, word) = if domain.in_use {
        (Tone::Ok, "console.sending.in_use")
    } else {
        (Tone::Warn, "console.sending.waits")
    };
    let looked = domain.checked_at.map(|at| {
        let at = format::here(at, Style::Full);
        view! { <p class="soft small">{t!("console.sending.checked", at = at)}</p> }
    });
    let hint = (!domain.in_use).then(|| view! { <p class="soft">{tr!("console.sending.waits_hint")}</p> });
    view! {
        <ul class="card-list"><li class="card">
            <div class="card-text">
                <p class="card-title"><strong>{domain.name.clone()}</strong><Badge tone>{t!(word)}</Badge></p>
                <p><code>{domain.address.clone()}</code></p>
                {hint}
                {looked}
            </div>
            <Show when=may_change>
                <p class="deeds">
                    <Button class="button-small" busy=asking.busy on_press=ask>{tr!("console.sending.check")}</Button>
                    <Button class="button-small" on_press=move |_| editing.set(true)>{tr!("console.sending.edit")}</Button>
                    <Button class="button-small" on_press=move |_| renewing.set(true)>{tr!("console.sending.renew")}</Button>
                    <Button kind=Kind::Bare class="button-small" on_press=move |_| removing.set(true)>{tr!("console.sending.remove")}</Button>
                </p>
            </Show>
            <FailureNotice failure=asking.failure/>
        </li></ul>
        <Show when=move || renewing.get()>
            <Sure open=renewing title=t!("console.sending.renew_title") text=t!("console.sending.renew_text")
                word=t!("console.sending.renew") deed=staff::sending::renew_key done=move |()| own.refetch()/>
        </Show>
        <Show when=move || removing.get()>
            <Sure open=removing title=t!("console.sending.remove_title") text=t!("console.sending.remove_text")
                word=t!("console.sending.remove") deed=staff::sending::remove done=move |()| own.refetch()/>
        </Show>
    }
}

/// The form.
#[component]
pub fn Edit(before: Option<SendingDomain>, own: Found, open: RwSignal<bool>) -> impl IntoView {
    let sending = Sending::new();
    let (address, name) = before.map(|domain| (domain.address, domain.name)).unwrap_or_default();
    let (address, name) = (RwSignal::new(address), RwSignal::new(name));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let wish = WriteSendingDomain {
            address: address.get_untracked().trim().to_owned(),
            name: name.get_untracked().trim().to_owned(),
        };
        sending.send(async move { staff::sending::set(&wish).await }, move |_| {
            own.refetch();
            open.try_set(false);
        });
    };
    view! {
        <Dialog open title=t!("console.sending.set_up")>
            <form class="form" on:submit=send novalidate>
                <Field label=Signal::derive(tr!("console.sending.address")) name="address" kind="email" value=address required=true
                    error=sending.fault("address") hint=Signal::derive(tr!("console.sending.address_hint"))/>
                <Field label=Signal::derive(tr!("console.sending.name")) name="name" value=name required=true
                    error=sending.fault("name") hint=Signal::derive(tr!("console.sending.name_hint"))/>
                <FormEnd failure=sending.failure busy=sending.busy open word="console.sending.save"/>
            </form>
        </Dialog>
    }
}
