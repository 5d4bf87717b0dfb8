//! Setting an account up, or changing it. What it asks for is what the contract says of the channel.

use std::collections::BTreeMap;

use contract::{
    channel_accounts::{AccountField, ChannelAccount, WriteChannelAccount, fields, usual_pace},
    channels::Channel,
};
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    api::staff,
    components::{Field, Toggle},
    t, tr,
};

use super::Accounts;
use crate::parts::{channel::key, dialog::Dialog, form_end::FormEnd, sending::Sending};

/// What the form is filled with.
#[derive(Clone, Copy)]
struct Draft {
    settings: StoredValue<Vec<(AccountField, RwSignal<String>)>>,
    per_minute: RwSignal<String>,
    enabled: RwSignal<bool>,
}

impl Draft {
    fn of(channel: Channel, account: Option<&ChannelAccount>) -> Self {
        let filled = |field: &AccountField| {
            // A secret is never shown again: it is written anew, or left.
            let known =
                account.filter(|_| !field.secret).and_then(|account| account.settings.get(field.name));
            (*field, RwSignal::new(known.cloned().unwrap_or_default()))
        };
        let pace = account.map_or_else(|| usual_pace(channel), |account| account.per_minute);
        Self {
            settings: StoredValue::new(fields(channel).iter().map(filled).collect()),
            per_minute: RwSignal::new(pace.to_string()),
            enabled: RwSignal::new(account.is_none_or(|account| account.enabled)),
        }
    }

    /// What is wished.
    fn wish(self) -> WriteChannelAccount {
        let settings: BTreeMap<String, String> = self.settings.with_value(|settings| {
            let typed = settings
                .iter()
                .map(|(field, value)| (field.name.to_owned(), value.get_untracked().trim().to_owned()));
            typed.filter(|(_, value)| !value.is_empty()).collect()
        });
        WriteChannelAccount {
            settings,
            // What is no number is told by the server, as too little.
            per_minute: Some(self.per_minute.get_untracked().trim().parse().unwrap_or(0)),
            enabled: self.enabled.get_untracked(),
        }
    }
}

#[component]
pub fn AccountForm(
    open: RwSignal<bool>,
    channel: Channel,
    account: Option<ChannelAccount>,
    accounts: Accounts,
) -> impl IntoView {
    let draft = Draft::of(channel, account.as_ref());
    let is_new = account.is_none();
    let sending = Sending::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let wish = draft.wish();
        let work = async move { staff::channels::set_account(channel, &wish).await };
        sending.send(work, move |_| {
            accounts.refetch();
            open.try_set(false);
        });
    };
    let rows = draft.settings.with_value(|settings| {
        let row = |(field, value): &(AccountField, RwSignal<String>)| {
            view! { <Setting field=*field value=*value sending is_new/> }
        };
        settings.iter().map(row).collect_view()
    });
    view! {
        <Dialog open title=t!(&key(channel)) class="dialog dialog-wide">
            <form class="form" on:submit=send novalidate>
                <p class="soft">{t!(&format!("console.channels.about.{}", channel.name()))}</p>
                {rows}
                <Field label=Signal::derive(tr!("console.channels.per_minute")) name="per_minute" kind="number" required=true
                    value=draft.per_minute hint=Signal::derive(tr!("console.channels.per_minute_hint")) error=sending.fault("per_minute")/>
                <Toggle label=Signal::derive(tr!("console.channels.enabled")) value=draft.enabled/>
                <FormEnd failure=sending.failure busy=sending.busy open word="actions.save"/>
            </form>
        </Dialog>
    }
}

#[component]
fn Setting(field: AccountField, value: RwSignal<String>, sending: Sending, is_new: bool) -> impl IntoView {
    let label = format!("console.channels.fields.{}", field.name);
    let hint = match field.name {
        _ if field.secret && !is_new => Some("console.channels.keeps"),
        "api" => Some("console.channels.hints.api"),
        "from" => Some("console.channels.hints.from"),
        "template" => Some("console.channels.hints.template"),
        "template_language" => Some("console.channels.hints.template_language"),
        "verify_token" => Some("console.channels.hints.verify_token"),
        _ => None,
    };
    let path = format!("settings.{}", field.name);
    let error = Signal::derive(move || sending.failure.with(|failure| failure.as_ref()?.field_below(&path)));
    let kind = if field.secret { "password" } else { "text" };
    let required = field.needed && (is_new || !field.secret);
    let label = Signal::derive(move || t!(&label));
    match hint {
        Some(hint) => view! {
            <Field label name=field.name kind value required error autocomplete="off" hint=Signal::derive(tr!(hint))/>
        }
        .into_any(),
        None => view! { <Field label name=field.name kind value required error autocomplete="off"/> }.into_any(),
    }
}
