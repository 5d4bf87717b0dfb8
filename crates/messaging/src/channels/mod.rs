//! The ways out of the house, each behind the same small trait. What is sent, when, how often and to whom is
//! ruled by [`crate::deliveries`]; a channel knows one provider's protocol and nothing else.

mod discord;
pub(crate) mod email;
mod exchange;
mod line;
mod messenger;
mod meta;
pub(crate) mod pace;
pub(crate) mod pagerduty;
pub(crate) mod queries;
mod slack;
mod sms;
mod teams;
pub(crate) mod trial;
pub(crate) mod vapid;
pub(crate) mod web_push;
mod whatsapp;
mod words;

use std::time::Duration;

use contract::channels::Channel as Name;
use futures_util::future::LocalBoxFuture;
use platform::clock::Clock;
use platform::config::Config;
use platform::outside::{Manner, Outside, Reach};
use serde_json::Value;

use crate::deliveries::Outgoing;
use crate::sending_domain::Sender;

/// One message with all it takes to hand it over.
pub(crate) struct Parcel {
    /// What is said.
    pub message: Outgoing,
    /// Where to: an address, a number, an id at the provider, or JSON where a channel needs more than one value.
    pub address: String,
    /// The organisation's account at the provider, opened; none where no account is needed.
    pub account: Option<Value>,
    /// Where the provider reports what became of it.
    pub callback: Option<String>,
    /// From whose address mail comes.
    pub sender: Option<Sender>,
    /// What a mail carries beside its words.
    pub extras: Extras,
}

/// What a mail carries beside its words, for the programs that handle it.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    /// Where mail of its topic is stopped (RFC 2369); none: it cannot be.
    pub stop_at: Option<String>,
    /// Where it comes back to, when that is not its sender.
    pub returns_to: Option<String>,
    /// By this what comes back, and a mail service's reports, name the delivery.
    pub token: Option<String>,
    /// Whether openings and clicks are counted.
    pub counted: bool,
}

/// A provider took it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// What the provider calls it.
    pub provider_id: Option<String>,
}

/// Why a message did not leave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What the server or the network said: no secret is in it.
    pub reason: String,
    /// What follows from it.
    pub what: Refusal,
}

/// What follows from a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The network, or a fault of the provider: it is tried again.
    Later,
    /// The provider takes no more for the moment: everything by this account waits, and no attempt is counted.
    Busy(Option<Duration>),
    /// This message will never be taken.
    Never,
    /// The address leads nowhere any more: nothing else is sent there.
    Gone,
    /// The account is refused (a wrong or withdrawn key): tried again, and shown where accounts are set up.
    Account,
}

impl Refused {
    pub(crate) fn new(what: Refusal, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), what }
    }

    /// Without what the other side has repeated of keys and addresses: the reason is shown.
    pub(crate) fn without_secrets(mut self, parcel: &Parcel) -> Self {
        let settings = parcel.account.as_ref().and_then(Value::as_object);
        let fields = contract::channel_accounts::fields(parcel.message.channel);
        let keys = fields.iter().filter(|field| field.secret);
        let keys = keys.filter_map(|field| settings?.get(field.name)?.as_str().map(str::to_owned));
        let mut secrets: Vec<String> = keys.collect();
        if parcel.message.channel.to_a_team() {
            secrets.push(parcel.address.clone());
            let url = url::Url::parse(&parcel.address).ok();
            secrets.extend(url.map(|url| url.path().to_owned()).filter(|path| path.len() > 1));
        }
        if parcel.message.channel.by_account() {
            // A person's number is shown in part only.
            secrets.push(parcel.address.clone());
            secrets.push(parcel.address.trim_start_matches('+').to_owned());
        }
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            self.reason = self.reason.replace(secret.as_str(), "…");
        }
        self
    }
}

/// A way out.
pub(crate) trait Channel {
    /// Hands a message over. It may have been handed over before by a worker that was lost before it could note
    /// so: where the provider knows such a thing, the delivery's id goes along as the key by which it sends once.
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>>;
}

/// All ways out, made once in a process and kept: connections are reused.
pub(crate) struct Channels {
    mail: Option<email::Email>,
    sms: sms::Sms,
    line: line::Line,
    whatsapp: whatsapp::Whatsapp,
    messenger: messenger::Messenger,
    slack: slack::Slack,
    discord: discord::Discord,
    teams: teams::Teams,
    pagerduty: pagerduty::Pagerduty,
    web_push: web_push::WebPush,
}

/// What providers and rooms may be asked: the same as receivers of webhooks.
pub(crate) fn reach(config: &Config) -> Reach {
    Reach::with(config.webhook_networks.clone())
}

impl Channels {
    /// The channels the settings ask for; browsers are notified with this key.
    ///
    /// # Errors
    /// The mail server's settings cannot be read.
    pub(crate) fn new(config: &Config, clock: &Clock, key: vapid::Pair) -> anyhow::Result<Self> {
        // As long as receivers of webhooks.
        let patience = Duration::from_secs(config.webhook_seconds);
        let manner = Manner { patience, dns: config.dns_resolver, user_agent: "Ringside" };
        let outside = Outside::new(reach(config), &manner)?;
        Ok(Self {
            mail: email::Email::new(config)?,
            sms: sms::Sms(outside.clone()),
            line: line::Line(outside.clone()),
            whatsapp: whatsapp::Whatsapp(outside.clone()),
            messenger: messenger::Messenger(outside.clone()),
            slack: slack::Slack(outside.clone()),
            discord: discord::Discord(outside.clone()),
            teams: teams::Teams(outside.clone()),
            pagerduty: pagerduty::Pagerduty(outside.clone()),
            web_push: web_push::WebPush::new(outside, clock.clone(), key, config)?,
        })
    }

    /// The channel of that name; none: nothing is set up for it, and messages are kept.
    pub(crate) fn of(&self, name: Name) -> Option<&dyn Channel> {
        match name {
            Name::Email => self.mail.as_ref().map(|mail| mail as &dyn Channel),
            Name::Sms => Some(&self.sms),
            Name::Line => Some(&self.line),
            Name::Whatsapp => Some(&self.whatsapp),
            Name::Messenger => Some(&self.messenger),
            Name::Slack => Some(&self.slack),
            Name::Discord => Some(&self.discord),
            Name::Teams => Some(&self.teams),
            Name::Pagerduty => Some(&self.pagerduty),
            Name::WebPush => Some(&self.web_push),
        }
    }
}
