//! What happens in the sale is told to an organisation's own systems, and people when one of them is told no more.

use contract::endpoints::{CREATE_WEBHOOK_ENDPOINT, GET_WEBHOOK_ENDPOINT, UPDATE_WEBHOOK_ENDPOINT};
use contract::webhooks::{NewWebhookSecret, WebhookEndpoint, WebhookEvent};
use domain::Role;
use serde_json::{Value, json};
use testkit::{Receiver, Reply, TestApp};

use crate::night::Night;
use crate::setup;

async fn start() -> TestApp {
    let near = || vec!["127.0.0.0/8".parse().expect("a network")];
    setup().config(move |config| config.webhook_networks = near()).start().await
}

async fn endpoint(app: &TestApp, night: &Night, receiver: &Receiver, types: Value) -> WebhookEndpoint {
    let wish = json!({"url": receiver.url(), "event_types": types});
    let made: NewWebhookSecret =
        app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&night.owner).json(&wish).created().await;
    made.endpoint
}

fn types(receiver: &Receiver) -> Vec<String> {
    let told = receiver.take().into_iter();
    let name = |body: String| {
        serde_json::from_str::<Value>(&body).expect("JSON")["type"].as_str().map(str::to_owned)
    };
    told.filter_map(|one| name(one.body)).collect()
}

#[tokio::test]
async fn a_sale_is_told_as_it_happens() {
    let app = start().await;
    let night = Box::pin(Night::on_sale(&app, "demo-night", 5)).await;
    app.run_jobs().await;
    let receiver = Receiver::start();
    let all: Vec<_> = WebhookEvent::subscribable().iter().map(|event| event.name).collect();
    endpoint(&app, &night, &receiver, json!(all)).await;
    let order = night.sell(&app, "fan", &[&night.seats[0]]).await;
    app.run_jobs().await;
    let told = types(&receiver);
    for expected in ["order.placed", "order.paid"] {
        assert_eq!(told.iter().filter(|name| *name == expected).count(), 1, "{told:?}");
    }
    let ticket = order.tickets[0].id.to_string();
    let revoke = app.post(&format!("/tickets/{ticket}/revoke")).by(&night.owner);
    revoke.json(&json!({"reason": "Demo"})).await.expect(200);
    app.run_jobs().await;
    assert!(types(&receiver).contains(&"ticket.revoked".to_owned()));
}

#[tokio::test]
async fn those_who_look_after_webhooks_are_written_to_once() {
    let app = start().await;
    let night = Box::pin(Night::on_sale(&app, "demo-night", 5)).await;
    let org = night.owner.org_id.expect("an owner has an organisation");
    let admin = app.member(org, Role::Admin).await;
    let _viewer = app.member(org, Role::Viewer).await;
    let receiver = Receiver::start();
    let made = endpoint(&app, &night, &receiver, json!(["order.paid"])).await;
    receiver.reply([Reply::status(410)]);
    night.sell(&app, "fan", &[&night.seats[0]]).await;
    app.run_jobs().await;
    let letters = "SELECT count(*) FROM deliveries WHERE template = 'webhook_disabled'";
    assert_eq!(app.count(letters).await, 2, "the owner and the admin");
    let admins = format!("{letters} AND recipient = '{}' AND plain LIKE '%{}%'", admin.email, receiver.url());
    assert_eq!(app.count(&admins).await, 1);

    // Switched on again, and gone again: that is another occasion.
    let id = made.id.to_string();
    let off: WebhookEndpoint = app.to(GET_WEBHOOK_ENDPOINT, &[&id]).by(&night.owner).ok().await;
    assert!(!off.enabled);
    let wish = json!({"url": receiver.url(), "event_types": ["order.paid"]});
    app.advance(chrono::TimeDelta::seconds(1));
    let _: WebhookEndpoint = app.to(UPDATE_WEBHOOK_ENDPOINT, &[&id]).by(&night.owner).json(&wish).ok().await;
    receiver.reply([Reply::status(410)]);
    night.sell(&app, "fan", &[&night.seats[1]]).await;
    app.run_jobs().await;
    assert_eq!(app.count(letters).await, 4);
}
