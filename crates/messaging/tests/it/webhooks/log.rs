use chrono::{DateTime, TimeDelta, Utc};
use contract::endpoints::{LIST_WEBHOOK_DELIVERIES, REPLAY_WEBHOOK_DELIVERY, REPLAY_WEBHOOKS};
use contract::webhooks::{ReplayedWebhooks, WebhookDelivery, WebhookState};
use contract::{ErrorCode, Page};
use serde_json::{Value, json};
use testkit::Reply;
use uuid::Uuid;

use super::Place;

#[tokio::test]
async fn the_log_shows_what_was_sent_and_what_was_answered() {
    let place = Place::new().await;
    let long = "x".repeat(40_000);
    place.receiver.reply([
        Reply::With(500, vec![("X-Demo", "broken".into())], "no \0 space left".into()),
        Reply::With(200, Vec::new(), long),
    ]);
    let order = place.pay().await;
    let told = place.next_attempt().await;
    assert_eq!(told.state, WebhookState::Delivered);
    let log = place.log(told.id).await;
    assert_eq!(log.payload["data"]["order_id"], json!(order));
    let received = place.receiver.take();
    let [second, first] = &log.log[..] else { panic!("{:?}", log.log) };
    assert_eq!((first.status, second.status), (Some(500), Some(200)));
    assert_eq!(first.response_headers["x-demo"], "broken");
    assert_eq!(first.response_body, "no \u{fffd} space left");
    assert_eq!(second.response_body.len(), 16 << 10, "the beginning of a long answer");
    for (attempt, received) in [first, second].into_iter().zip(&received) {
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "user-agent"] {
            assert_eq!(attempt.request_headers[name], received.headers[name]);
        }
    }
    assert_eq!(first.body_sha256, second.body_sha256);
    assert_eq!(first.body_sha256.len(), 64);
}

#[tokio::test]
async fn a_list_is_filtered_and_comes_in_pages() {
    let place = Place::new().await;
    place.receiver.reply([Reply::status(500)]);
    for _ in 0..3 {
        place.pay().await;
    }
    let list = async |query: &str| {
        let path = format!("/webhook-deliveries?{query}");
        place.app.get(&path).by(&place.owner).ok::<Page<WebhookDelivery>>().await
    };
    assert_eq!(list("state=pending").await.items.len(), 1);
    assert_eq!(list("state=delivered&event_type=order.paid").await.items.len(), 2);
    assert_eq!(list("event_type=order.placed").await.items.len(), 0);
    assert_eq!(list(&format!("endpoint={}", Uuid::now_v7())).await.items.len(), 0);
    let first = list(&format!("endpoint={}&limit=2", place.id())).await;
    let rest = list(&format!("limit=2&after={}", first.next.expect("there is more"))).await;
    assert_eq!((first.items.len(), rest.items.len()), (2, 1));
    assert!(first.items[0].id > first.items[1].id && first.items[1].id > rest.items[0].id, "newest first");
    place.app.to(LIST_WEBHOOK_DELIVERIES, &[]).problem(ErrorCode::NotSignedIn).await;
    place.app.forget_jobs().await;
}

#[tokio::test]
async fn a_time_is_sent_again() {
    let place = Place::new().await;
    let begin = place.app.clock.now();
    // One fails for good, one is taken, one comes later.
    place.receiver.reply([Reply::status(500)]);
    place.pay().await;
    place.app.execute("UPDATE webhook_deliveries SET state = 'failed', next_attempt_at = NULL").await;
    place.pay().await;
    place.app.advance(TimeDelta::hours(2));
    place.pay().await;
    let first: Vec<_> =
        place.receiver.take().into_iter().map(|one| one.headers["webhook-id"].clone()).collect();

    let window = |from: DateTime<Utc>, to: DateTime<Utc>, more: Value| {
        let mut wish = json!({"from": from, "to": to});
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        place.app.to(REPLAY_WEBHOOKS, &[&place.id()]).by(&place.owner).json(&wish)
    };
    let hour = begin + TimeDelta::hours(1);
    let replayed: ReplayedWebhooks = window(begin, hour, json!({"state": "failed"})).ok().await;
    assert_eq!(replayed.count, 1);
    let waiting: ReplayedWebhooks = window(begin, hour, json!({"state": "failed"})).ok().await;
    assert_eq!(waiting.count, 0, "what waits is left alone");
    place.app.run_jobs().await;
    assert_eq!(place.receiver.take()[0].headers["webhook-id"], first[0]);
    let replayed: ReplayedWebhooks = window(begin, hour, json!({})).key("once").ok().await;
    assert_eq!(replayed.count, 2);
    place.app.run_jobs().await;
    let again: Vec<_> =
        place.receiver.take().into_iter().map(|one| one.headers["webhook-id"].clone()).collect();
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|id| first[..2].contains(id)));
    let _: ReplayedWebhooks = window(begin, hour, json!({})).key("once").ok().await;
    assert_eq!(place.app.run_jobs().await, 0, "asked twice it is done once");

    let refused = async |from, to| {
        let problem = window(from, to, json!({})).problem(ErrorCode::InvalidFields).await;
        assert_eq!(problem.fields[0].field, "to");
    };
    refused(hour, begin).await;
    refused(begin, begin + TimeDelta::days(32)).await;
    place.app.execute(&format!(
        "INSERT INTO webhook_deliveries (id, org_id, endpoint_id, event_type, payload, state, created_at)
         SELECT gen_random_uuid(), '{}', '{}', 'order.paid', '{{}}', 'delivered', '{begin}' FROM generate_series(1, 1000)",
        place.org, place.endpoint.id
    ))
    .await;
    refused(begin, hour).await;
    assert_eq!(place.app.run_jobs().await, 0, "all or nothing");
}

#[tokio::test]
async fn while_an_attempt_is_planned_a_person_is_quicker_and_it_is_sent_once() {
    let place = Place::new().await;
    place.receiver.reply([Reply::status(500)]);
    place.pay().await;
    let told = place.only().await;
    let path = [&*told.id.to_string()];
    let _: WebhookDelivery = place.app.to(REPLAY_WEBHOOK_DELIVERY, &path).by(&place.owner).ok().await;
    place.app.run_jobs().await;
    assert_eq!(place.only().await.state, WebhookState::Delivered);
    place.app.advance(TimeDelta::hours(1));
    place.app.run_jobs().await;
    assert_eq!(place.receiver.take().len(), 2, "the attempt that was planned before does nothing");
    let elsewhere = [&*Uuid::now_v7().to_string()];
    place.app.to(REPLAY_WEBHOOK_DELIVERY, &elsewhere).by(&place.owner).problem(ErrorCode::NotFound).await;
}
