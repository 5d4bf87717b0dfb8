//! `/webhook-endpoints`, and what arrives at a real receiver.

mod addresses;
mod endpoints;
mod log;
mod schedule;
mod verifiers;

use chrono::Utc;
use contract::Page;
use contract::endpoints::{
    CREATE_WEBHOOK_ENDPOINT, GET_WEBHOOK_DELIVERY, GET_WEBHOOK_ENDPOINT, LIST_WEBHOOK_DELIVERIES,
};
use contract::webhooks::{NewWebhookSecret, WebhookDelivery, WebhookDeliveryLog, WebhookEndpoint};
use domain::{Fact, Role};
use futures_util::FutureExt as _;
use messaging::webhooks::{FACTS, announce};
use serde_json::{Value, json};
use testkit::{Caller, Receiver, Setup, TestApp};
use uuid::Uuid;

/// An organisation with an endpoint that leads to a receiver.
struct Place {
    app: TestApp,
    receiver: Receiver,
    org: Uuid,
    owner: Caller,
    endpoint: WebhookEndpoint,
    secret: String,
}

/// Messaging with the wiring that hands facts on to webhooks.
fn setup() -> Setup {
    Setup::new().routes(messaging::configure).jobs(messaging::jobs).jobs(|registry| {
        for fact in FACTS {
            registry.when(fact, |told, tx| announce(told, tx).boxed_local());
        }
    })
}

fn near(config: &mut platform::config::Config) {
    config.webhook_networks = vec!["127.0.0.0/8".parse().expect("a network")];
    config.webhook_seconds = 1;
}

impl Place {
    /// Listens to paid and placed orders.
    async fn new() -> Self {
        let app = setup().config(near).start().await;
        // The libraries of receivers go by the real clock.
        app.advance(Utc::now() - app.clock.now());
        let receiver = Receiver::start();
        let org = app.org("Demo Promotions").await;
        let owner = app.member(org, Role::Owner).await;
        let made: NewWebhookSecret =
            app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&owner).json(&wish(&receiver.url())).created().await;
        Self { app, receiver, org, owner, endpoint: made.endpoint, secret: made.secret }
    }

    fn id(&self) -> String {
        self.endpoint.id.to_string()
    }

    async fn tell(&self, fact: Fact) {
        let org = self.org;
        let told = self.app.context().db.write(async |tx| tx.emit(org, fact.clone()).await).await;
        told.expect("the fact is told");
    }

    /// A paid order is told, and what is due is done.
    async fn pay(&self) -> Uuid {
        let order_id = Uuid::now_v7();
        self.tell(Fact::OrderPaid { order_id, event_id: Uuid::now_v7() }).await;
        self.app.run_jobs().await;
        order_id
    }

    async fn sent(&self) -> Vec<WebhookDelivery> {
        let page: Page<WebhookDelivery> =
            self.app.to(LIST_WEBHOOK_DELIVERIES, &[]).by(&self.owner).ok().await;
        page.items
    }

    /// The one webhook there is.
    async fn only(&self) -> WebhookDelivery {
        let mut sent = self.sent().await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }

    async fn log(&self, id: Uuid) -> WebhookDeliveryLog {
        self.app.to(GET_WEBHOOK_DELIVERY, &[&id.to_string()]).by(&self.owner).ok().await
    }

    async fn endpoint(&self) -> WebhookEndpoint {
        self.app.to(GET_WEBHOOK_ENDPOINT, &[&self.id()]).by(&self.owner).ok().await
    }

    /// Goes on to the next attempt and makes it.
    async fn next_attempt(&self) -> WebhookDelivery {
        let next = self.only().await.next_attempt_at.expect("another attempt is planned");
        self.app.advance(next - self.app.clock.now());
        self.app.run_jobs().await;
        self.only().await
    }
}

fn wish(url: &str) -> Value {
    json!({"url": url, "description": "Demo accounting", "event_types": ["order.paid", "order.placed"]})
}
