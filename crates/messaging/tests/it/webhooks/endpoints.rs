use contract::endpoints::{
    CREATE_WEBHOOK_ENDPOINT, DELETE_WEBHOOK_ENDPOINT, GET_WEBHOOK_ENDPOINT, LIST_WEBHOOK_ENDPOINTS,
    LIST_WEBHOOK_EVENT_TYPES, TEST_WEBHOOK_ENDPOINT, UPDATE_WEBHOOK_ENDPOINT,
};
use contract::webhooks::{
    NewWebhookSecret, WebhookDelivery, WebhookDisabledReason, WebhookEndpoint, WebhookEventType, WebhookState,
};
use contract::{ErrorCode, Page};
use domain::Fact;
use serde_json::json;
use uuid::Uuid;

use super::{Place, wish};

#[tokio::test]
async fn a_fact_is_told_to_each_endpoint_that_listens_and_to_no_other() {
    let place = Place::new().await;
    let app = &place.app;
    let all: Vec<WebhookEventType> = app.to(LIST_WEBHOOK_EVENT_TYPES, &[]).by(&place.owner).ok().await;
    assert!(all.iter().any(|event| event.name == "order.paid"));
    assert!(all.iter().all(|event| event.name != "webhook.test"), "nobody listens to tests");
    // A second one of the same organisation listens to something else, and one of another to the same.
    let other = testkit::Receiver::start();
    let revoked = json!({"url": other.url(), "event_types": ["ticket.revoked"]});
    let _: NewWebhookSecret =
        app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&place.owner).json(&revoked).created().await;
    let rivals = app.org("Demo Rivals").await;
    let stranger = app.member(rivals, domain::Role::Owner).await;
    let _: NewWebhookSecret =
        app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&stranger).json(&wish(&other.url())).created().await;

    let (order_id, event_id) = (Uuid::now_v7(), Uuid::now_v7());
    place.tell(Fact::OrderPaid { order_id, event_id }).await;
    place.tell(Fact::OrderExpired { order_id, event_id }).await;
    app.run_jobs().await;
    let received = place.receiver.take();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].line, "POST /hook");
    assert_eq!(received[0].headers["content-type"], "application/json");
    let body: serde_json::Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(body["type"], "order.paid");
    assert_eq!(body["data"], json!({"order_id": order_id, "event_id": event_id}));
    assert!(other.take().is_empty());

    let ticket_id = Uuid::now_v7();
    place.tell(Fact::TicketRevoked { ticket_id, event_id }).await;
    app.run_jobs().await;
    assert!(place.receiver.take().is_empty());
    assert_eq!(other.take().len(), 1);
}

#[tokio::test]
async fn an_endpoint_is_set_up_changed_and_removed() {
    let place = Place::new().await;
    let (app, owner) = (&place.app, &place.owner);
    assert!(place.secret.starts_with("whsec_"));
    let listed = app.to(LIST_WEBHOOK_ENDPOINTS, &[]).by(owner).await.expect(200);
    assert!(!listed.text().contains("whsec_"), "the secret is shown once");
    let listed: Page<WebhookEndpoint> = listed.json();
    assert_eq!(listed.items, std::slice::from_ref(&place.endpoint));

    let change = json!({"url": place.receiver.url(), "event_types": ["event.changed"], "enabled": false});
    let off: WebhookEndpoint =
        app.to(UPDATE_WEBHOOK_ENDPOINT, &[&place.id()]).by(owner).json(&change).ok().await;
    assert_eq!((off.enabled, off.disabled_reason), (false, Some(WebhookDisabledReason::ByHand)));
    place.tell(Fact::EventChanged { event_id: Uuid::now_v7() }).await;
    app.run_jobs().await;
    assert!(place.receiver.take().is_empty());
    app.to(TEST_WEBHOOK_ENDPOINT, &[&place.id()]).by(owner).problem(ErrorCode::WrongState).await;

    let on: WebhookEndpoint = app
        .to(UPDATE_WEBHOOK_ENDPOINT, &[&place.id()])
        .by(owner)
        .json(&wish(&place.receiver.url()))
        .ok()
        .await;
    assert_eq!((on.enabled, on.disabled_reason, on.disabled_at), (true, None, None));
    place.pay().await;
    assert_eq!(place.receiver.take().len(), 1);

    app.to(DELETE_WEBHOOK_ENDPOINT, &[&place.id()]).by(owner).no_content().await;
    app.to(GET_WEBHOOK_ENDPOINT, &[&place.id()]).by(owner).problem(ErrorCode::NotFound).await;
    assert!(place.sent().await.is_empty(), "its log went with it");
    let noted = "SELECT count(*) FROM audit_log WHERE action LIKE 'webhook_endpoint.%'";
    assert_eq!(app.count(noted).await, 4);
}

#[tokio::test]
async fn a_test_is_sent_whatever_it_listens_to() {
    let place = Place::new().await;
    let sent: WebhookDelivery =
        place.app.to(TEST_WEBHOOK_ENDPOINT, &[&place.id()]).by(&place.owner).key("once").created().await;
    let again: WebhookDelivery =
        place.app.to(TEST_WEBHOOK_ENDPOINT, &[&place.id()]).by(&place.owner).key("once").created().await;
    assert_eq!((sent.id, sent.state), (again.id, WebhookState::Pending));
    place.app.run_jobs().await;
    let received = place.receiver.take();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].headers["webhook-id"], sent.webhook_id);
    assert!(received[0].body.contains("\"webhook.test\""), "{}", received[0].body);
    assert_eq!(place.only().await.state, WebhookState::Delivered);
}

#[tokio::test]
async fn the_same_request_makes_one_endpoint_and_shows_the_same_secret() {
    let place = Place::new().await;
    let create = || place.app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&place.owner).key("once");
    let first: NewWebhookSecret = create().json(&wish(&place.receiver.url())).created().await;
    let second: NewWebhookSecret = create().json(&wish(&place.receiver.url())).created().await;
    assert_eq!(first, second);
    let opened = "SELECT count(*) FROM idempotency_keys WHERE position('whsec'::bytea IN answer) > 0";
    assert_eq!(place.app.count(opened).await, 0);
}

#[tokio::test]
async fn what_is_wished_for_must_hold() {
    let place = Place::new().await;
    let refused = async |wish: serde_json::Value, field: &str, code: &str| {
        let problem = place.app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&place.owner).json(&wish);
        let problem = problem.problem(ErrorCode::InvalidFields).await;
        let told: Vec<_> =
            problem.fields.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        assert_eq!(told, [(field, code)], "{wish}");
    };
    let url = place.receiver.url();
    refused(
        json!({"url": url, "event_types": ["order.paid", "order.eaten"]}),
        "event_types[1]",
        "unknown_event_type",
    )
    .await;
    refused(json!({"url": url, "event_types": ["webhook.test"]}), "event_types[0]", "unknown_event_type")
        .await;
    refused(json!({"url": url, "event_types": []}), "event_types", "too_short").await;
    refused(json!({"url": "nowhere", "event_types": ["order.paid"]}), "url", "address_not_allowed").await;
}
