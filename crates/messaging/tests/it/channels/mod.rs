//! `/channel-accounts`, `/destinations` and `/provider-reports`, with providers on the loopback that answer as the real
//! ones document.

mod accounts;
mod connecting;
mod destinations;
mod line;
mod meta;
mod pipeline;
mod reports;
mod rooms;
mod sms;

use chrono::TimeDelta;
use contract::Page;
use contract::channel_accounts::{ChannelAccount, TestOnItsWay};
use contract::channels::Channel;
use contract::deliveries::{Delivery, DeliveryState, DeliverySummary};
use contract::destinations::Destination;
use contract::endpoints::{
    CREATE_DESTINATION, GET_DELIVERY, LIST_CHANNEL_ACCOUNTS, LIST_DESTINATIONS, SET_CHANNEL_ACCOUNT,
    TEST_CHANNEL_ACCOUNT, TEST_DESTINATION,
};
use domain::Role;
use serde_json::{Value, json};
use testkit::{Caller, Received, Receiver, Reply, Setup, TestApp};
use uuid::Uuid;

/// The texts of a test, as every channel carries them.
const TITLE: &str = "A test from Ringside";
const TEXT: &str = "You can read this, so this way works.";
const WHOLE: &str = "A test from Ringside\n\nYou can read this, so this way works.";

/// An organisation and a provider.
struct Place {
    app: TestApp,
    provider: Receiver,
    org: Uuid,
    owner: Caller,
}

fn setup() -> Setup {
    Setup::new().routes(messaging::configure).jobs(messaging::jobs)
}

fn near(config: &mut platform::config::Config) {
    config.webhook_networks = vec!["127.0.0.0/8".parse().expect("a network")];
    config.webhook_seconds = 1;
}

/// What a provider answers: a status and JSON.
fn answer(status: u16, body: &Value) -> Reply {
    Reply::With(status, vec![("Content-Type", "application/json".into())], body.to_string())
}

/// A provider that asks to be left alone for so many seconds.
fn busy(seconds: &str, body: &Value) -> Reply {
    Reply::With(429, vec![("Retry-After", seconds.into())], body.to_string())
}

impl Place {
    async fn new() -> Self {
        let app = setup().config(near).start().await;
        let provider = Receiver::start();
        let org = app.org("Demo Promotions").await;
        let owner = app.member(org, Role::Owner).await;
        Self { app, provider, org, owner }
    }

    /// Where the provider's API stands.
    fn api(&self) -> String {
        format!("http://127.0.0.1:{}", self.provider.port())
    }

    /// The settings of a whole account of a channel.
    fn settings(&self, channel: Channel) -> Value {
        let mut settings = match channel {
            Channel::Sms => {
                json!({"account_sid": "AC0123", "auth_token": "twilio-auth-token-1", "from": "+66200000000"})
            }
            Channel::Line => {
                json!({"channel_access_token": "line-access-token-1", "channel_secret": "line-channel-secret-1"})
            }
            Channel::Whatsapp => json!({
                "phone_number_id": "106540352242922", "access_token": "meta-access-token-1",
                "app_secret": "meta-app-secret-1", "verify_token": "meta-verify-token-1",
            }),
            _ => json!({
                "page_id": "1906385232743451", "access_token": "meta-access-token-2",
                "app_secret": "meta-app-secret-2", "verify_token": "meta-verify-token-2",
            }),
        };
        settings["api"] = self.api().into();
        settings
    }

    async fn set(&self, channel: Channel, wish: &Value) -> ChannelAccount {
        self.app.to(SET_CHANNEL_ACCOUNT, &[channel.name()]).by(&self.owner).json(wish).ok().await
    }

    /// Sets the account of a channel up.
    async fn account(&self, channel: Channel) -> ChannelAccount {
        self.set(channel, &json!({"settings": self.settings(channel)})).await
    }

    /// What the list says of the account of a channel now.
    async fn account_now(&self, channel: Channel) -> ChannelAccount {
        let all: Vec<ChannelAccount> = self.app.to(LIST_CHANNEL_ACCOUNTS, &[]).by(&self.owner).ok().await;
        all.into_iter().find(|account| account.channel == channel).expect("it is set up")
    }

    /// Asks for a test to an address.
    async fn test(&self, channel: Channel, to: &str) -> Uuid {
        let call = self.app.to(TEST_CHANNEL_ACCOUNT, &[channel.name()]).by(&self.owner);
        call.json(&json!({"to": to})).created::<TestOnItsWay>().await.delivery_id
    }

    /// Sends a test to an address, and tells what became of it.
    async fn try_out(&self, channel: Channel, to: &str) -> DeliverySummary {
        let id = self.test(channel, to).await;
        self.app.run_jobs_and_see().await;
        self.delivery(id).await.summary
    }

    /// Sets a room up.
    async fn room(&self, wish: &Value) -> Destination {
        self.app.to(CREATE_DESTINATION, &[]).by(&self.owner).json(wish).created().await
    }

    async fn room_now(&self, id: Uuid) -> Destination {
        let page: Page<Destination> = self.app.to(LIST_DESTINATIONS, &[]).by(&self.owner).ok().await;
        page.items.into_iter().find(|room| room.id == id).expect("it is there")
    }

    /// Sends a test to a room, and tells what became of it.
    async fn try_room(&self, id: Uuid) -> DeliverySummary {
        let call = self.app.to(TEST_DESTINATION, &[&id.to_string()]).by(&self.owner);
        let sent: TestOnItsWay = call.created().await;
        self.app.run_jobs_and_see().await;
        self.delivery(sent.delivery_id).await.summary
    }

    async fn delivery(&self, id: Uuid) -> Delivery {
        self.app.to(GET_DELIVERY, &[&id.to_string()]).by(&self.owner).ok().await
    }

    async fn state(&self, id: Uuid) -> DeliveryState {
        self.delivery(id).await.summary.state
    }

    /// Goes on in time and does what is due then.
    async fn later(&self, by: TimeDelta) {
        self.app.advance(by);
        self.app.run_jobs_and_see().await;
    }

    /// The one request that came since the last look.
    fn only(&self) -> Received {
        let mut received = self.provider.take();
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }

    /// How a provider's refusal ends: the state, the number of tries, and the reason.
    async fn refused(&self, channel: Channel, to: &str, reply: Reply) -> (DeliveryState, i32, String) {
        // It starts with a clean slate.
        self.app.execute("DELETE FROM sending_paces").await;
        self.provider.reply([reply]);
        let told = self.try_out(channel, to).await;
        assert_eq!(self.provider.take().len(), 1);
        self.app.forget_jobs().await;
        (told.state, told.attempts, told.last_error.unwrap_or_default())
    }

    /// The same of a room.
    async fn refused_by_room(&self, room: Uuid, reply: Reply) -> (DeliveryState, i32, String) {
        self.app.execute("DELETE FROM sending_paces; UPDATE destinations SET enabled = true").await;
        self.provider.reply([reply]);
        let told = self.try_room(room).await;
        assert_eq!(self.provider.take().len(), 1);
        self.app.forget_jobs().await;
        (told.state, told.attempts, told.last_error.unwrap_or_default())
    }
}

/// The fields of a form.
fn form(body: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn body(received: &Received) -> Value {
    serde_json::from_str(&received.body).expect("the body is JSON")
}
