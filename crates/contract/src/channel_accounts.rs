//! With what an organisation sends: its accounts at providers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::channels::Channel;

/// One thing a provider wants to know of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountField {
    /// Its name, as it travels in `settings`.
    pub name: &'static str,
    /// Whether it is never shown again: a key, or what a provider signs with.
    pub secret: bool,
    /// Whether nothing can be sent without it.
    pub needed: bool,
}

const fn shown(name: &'static str) -> AccountField {
    AccountField { name, secret: false, needed: true }
}

const fn hidden(name: &'static str) -> AccountField {
    AccountField { name, secret: true, needed: true }
}

const fn maybe(name: &'static str) -> AccountField {
    AccountField { name, secret: false, needed: false }
}

/// Where the provider's API stands, when not at its documented address.
pub const API: &str = "api";

/// One of `from` and `messaging_service_sid` is wanted.
const SMS: &[AccountField] =
    &[shown("account_sid"), hidden("auth_token"), maybe("from"), maybe("messaging_service_sid"), maybe(API)];
const LINE: &[AccountField] = &[hidden("channel_access_token"), hidden("channel_secret"), maybe(API)];
const WHATSAPP: &[AccountField] = &[
    shown("phone_number_id"),
    hidden("access_token"),
    hidden("app_secret"),
    hidden("verify_token"),
    maybe("template"),
    maybe("template_language"),
    maybe(API),
];
const MESSENGER: &[AccountField] =
    &[shown("page_id"), hidden("access_token"), hidden("app_secret"), hidden("verify_token"), maybe(API)];

/// What an account of a channel is made of, in the order a form asks for it. Empty for channels without accounts.
#[must_use]
pub const fn fields(channel: Channel) -> &'static [AccountField] {
    match channel {
        Channel::Sms => SMS,
        Channel::Line => LINE,
        Channel::Whatsapp => WHATSAPP,
        Channel::Messenger => MESSENGER,
        _ => &[],
    }
}

/// How many messages a minute an account takes when nothing else is wished: what the providers' smallest accounts
/// take.
#[must_use]
pub const fn usual_pace(channel: Channel) -> i32 {
    match channel {
        Channel::Line => 6_000,
        Channel::Whatsapp => 4_800,
        Channel::Messenger => 600,
        _ => 60,
    }
}

/// Sets an account up, or changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteChannelAccount {
    /// What the provider wants to know. For `sms`: `account_sid`, `auth_token`, `from` or
    /// `messaging_service_sid`. For `line`: `channel_access_token`, `channel_secret`. For `whatsapp`:
    /// `phone_number_id`, `access_token`, `app_secret`, `verify_token`, perhaps `template` and
    /// `template_language`. For `messenger`: `page_id`, `access_token`, `app_secret`, `verify_token`. For each
    /// perhaps `api`, where its API stands elsewhere. A secret that is left out stays as it is.
    #[garde(length(max = 20))]
    #[cfg_attr(feature = "utoipa", schema(example = json!({"account_sid": "AC0", "auth_token": "0", "from": "+66200000000"})))]
    pub settings: BTreeMap<String, String>,
    /// How many messages a minute the provider takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(range(min = 1, max = 100_000)))]
    pub per_minute: Option<i32>,
    /// Whether anything is sent by it.
    #[serde(default = "yes")]
    #[garde(skip)]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

/// An account, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ChannelAccount {
    /// The account.
    pub id: Uuid,
    /// What goes by it.
    pub channel: Channel,
    /// What is known of it; of a secret the last four characters.
    pub settings: BTreeMap<String, String>,
    /// How many messages a minute the provider takes.
    pub per_minute: i32,
    /// Whether anything is sent by it.
    pub enabled: bool,
    /// What the provider said when it last refused the account itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Where the provider reports to; it is entered there.
    pub report_url: String,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// Asks for a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TestAccount {
    /// Where to: a number as `+66…` for `sms` and `whatsapp`, otherwise the provider's id of a person.
    #[garde(length(chars, min = 3, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "+66811111111"))]
    pub to: String,
}

/// A test on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TestOnItsWay {
    /// The message in the list of messages, where stands what became of it.
    pub delivery_id: Uuid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_by_account_says_what_it_needs() {
        for &channel in Channel::ALL {
            let fields = fields(channel);
            assert_eq!(channel.by_account(), fields.iter().any(|field| field.secret), "{channel:?}");
            assert_eq!(channel.by_account(), fields.iter().any(|field| field.name == API), "{channel:?}");
        }
    }
}
