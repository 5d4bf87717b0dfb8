//! The account of one channel, or that there is none.

use contract::{
    channel_accounts::{ChannelAccount, TestAccount, fields},
    channels::Channel,
};
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    api::{self, staff},
    components::{Badge, Button, Field, Kind, Notice, Tone},
    format, t, tr,
};

use super::account_form::AccountForm;
use super::{Accounts, follow, may_change};
use crate::parts::{
    channel::{Way, key},
    copy::CopyLine,
    dialog::Dialog,
    form_end::FormEnd,
    sending::Sending,
    sure::Sure,
};

/// A row of the list.
#[component]
pub fn Account(channel: Channel, account: Option<ChannelAccount>, accounts: Accounts) -> impl IntoView {
    let (tone, word) = match &account {
        None => (Tone::Plain, "console.channels.not_set_up"),
        Some(account) if account.fault.is_some() => (Tone::Stop, "console.channels.faulty"),
        Some(account) if !account.enabled => (Tone::Plain, "console.channels.off"),
        Some(_) => (Tone::Ok, "console.channels.on"),
    };
    let about = account.clone().map(|account| view! { <About account/> });
    let hint = account.is_none().then(|| {
        view! { <p class="soft">{move || t!(&format!("console.channels.about.{}", channel.name()))}</p> }
    });
    let fault = account.as_ref().and_then(|account| account.fault.clone());
    let stored = StoredValue::new(account);
    view! {
        <li class="card" data-channel=channel.name()>
            <div class="card-text">
                <p class="card-title"><strong><Way channel/></strong><Badge tone>{tr!(word)}</Badge></p>
                {hint}
                {fault.map(|fault| view! { <Notice tone=Tone::Stop>{t!("console.channels.fault", fault = fault)}</Notice> })}
                {about}
            </div>
            <Show when=may_change>{move || view! { <Deeds channel account=stored.get_value() accounts/> }}</Show>
        </li>
    }
}

/// What is known of it.
#[component]
fn About(account: ChannelAccount) -> impl IntoView {
    let known = |field: &contract::channel_accounts::AccountField| {
        let value = account.settings.get(field.name)?.clone();
        let key = format!("console.channels.fields.{}", field.name);
        Some(view! { <dt>{move || t!(&key)}</dt><dd><code>{value}</code></dd> })
    };
    let rows: Vec<_> = fields(account.channel).iter().filter_map(known).collect();
    let pace = format::number(account.per_minute.into());
    view! {
        <dl class="facts">
            {rows}
            <dt>{tr!("console.channels.per_minute")}</dt><dd>{pace}</dd>
        </dl>
        <CopyLine label=t!("console.channels.report_url") text=account.report_url/>
    }
}

#[component]
fn Deeds(channel: Channel, account: Option<ChannelAccount>, accounts: Accounts) -> impl IntoView {
    let [editing, testing, removing] = [(); 3].map(|()| RwSignal::new(false));
    let (is_new, enabled) = (account.is_none(), account.as_ref().is_some_and(|account| account.enabled));
    let word = if is_new { "console.channels.set_up" } else { "console.channels.change" };
    let stored = StoredValue::new(account);
    let remove = move || staff::channels::remove_account(channel);
    let name = move || t!(&key(channel));
    view! {
        <p class="deeds">
            {enabled.then(|| view! {
                <Button class="button-small" on_press=move |_| testing.set(true)>{tr!("console.channels.test")}</Button>
            })}
            <Button class="button-small" on_press=move |_| editing.set(true)>{tr!(word)}</Button>
            {(!is_new).then(|| view! {
                <Button kind=Kind::Bare class="button-small" on_press=move |_| removing.set(true)>{tr!("console.channels.remove")}</Button>
            })}
        </p>
        <Show when=move || editing.get()>
            <AccountForm open=editing channel account=stored.get_value() accounts/>
        </Show>
        <Show when=move || testing.get()><Test open=testing channel/></Show>
        <Show when=move || removing.get()>
            <Sure open=removing title=t!("console.channels.remove_title", name = name())
                text=t!("console.channels.remove_text") word=t!("console.channels.remove") deed=remove
                done=move |()| accounts.refetch()/>
        </Show>
    }
}

/// Asks where a test goes, and follows it.
#[component]
fn Test(open: RwSignal<bool>, channel: Channel) -> impl IntoView {
    let sending = Sending::new();
    let to = RwSignal::new(String::new());
    // One key for each address that was typed: a form that was mended is a new wish.
    let wish = Memo::new(move |_| (TestAccount { to: to.get().trim().to_owned() }, api::new_intent()));
    let follow = follow();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let ((wish, intent), follow) = (wish.get_untracked(), follow.clone());
        let work = async move { staff::channels::test_account(channel, &wish, &intent).await };
        sending.send(work, move |sent| {
            open.try_set(false);
            follow(sent.delivery_id);
        });
    };
    let is_number = matches!(channel, Channel::Sms | Channel::Whatsapp);
    let (label, hint, kind) = if is_number {
        ("console.channels.number", "console.channels.number_hint", "tel")
    } else {
        ("console.channels.person_id", "console.channels.person_id_hint", "text")
    };
    let nothing = Signal::derive(move || to.with(|to| to.trim().is_empty()));
    view! {
        <Dialog open title=t!("console.channels.test_title", name = t!(&key(channel)))>
            <form class="form" on:submit=send novalidate>
                <Field label=Signal::derive(tr!(label)) name="to" kind value=to required=true
                    hint=Signal::derive(tr!(hint)) error=sending.fault("to")/>
                <FormEnd failure=sending.failure busy=sending.busy open word="console.channels.test" disabled=nothing/>
            </form>
        </Dialog>
    }
}
