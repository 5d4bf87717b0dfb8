use chrono::TimeDelta;
use contract::endpoints::{REPLAY_WEBHOOK_DELIVERY, UPDATE_WEBHOOK_ENDPOINT};
use contract::webhooks::{
    WebhookDelivery, WebhookDisabledReason, WebhookEndpoint, WebhookFault, WebhookState,
};
use testkit::Reply;

use super::{Place, wish};

/// The least and the most a pause may be.
fn about(pause: TimeDelta, expected: TimeDelta) -> bool {
    pause >= expected && pause <= expected + expected / 5
}

#[tokio::test]
async fn what_fails_is_tried_again_after_growing_pauses_under_the_same_id() {
    let place = Place::new().await;
    place.receiver.reply(std::iter::repeat_n(Reply::status(500), 10));
    place.pay().await;
    let minutes = [(5, 60), (300, 60), (1_800, 60), (7_200, 60)].map(|(seconds, _)| seconds);
    let mut told = place.only().await;
    for seconds in minutes.into_iter().chain([5, 10, 14, 20, 24].map(|hours| hours * 3_600)) {
        assert_eq!((told.state, told.last_status), (WebhookState::Pending, Some(500)));
        let pause = told.next_attempt_at.expect("another is planned") - place.app.clock.now();
        assert!(about(pause, TimeDelta::seconds(seconds)), "{pause} after {}", told.attempts);
        // A moment before nothing is done.
        place.app.advance(pause - TimeDelta::milliseconds(1));
        assert_eq!(place.app.run_jobs().await, 0);
        told = place.next_attempt().await;
    }
    assert_eq!((told.state, told.attempts, told.next_attempt_at), (WebhookState::Failed, 10, None));
    let received = place.receiver.take();
    assert_eq!(received.len(), 10);
    assert!(received.iter().all(|one| one.headers["webhook-id"] == told.webhook_id));
    assert!(received.iter().all(|one| one.body == received[0].body));
    let times: std::collections::BTreeSet<_> =
        received.iter().map(|one| one.headers["webhook-timestamp"].clone()).collect();
    assert_eq!(times.len(), 10, "each attempt is signed anew");

    // A person sends it again, and its schedule begins anew.
    place.receiver.reply([Reply::status(503)]);
    let path = [&*told.id.to_string()];
    let again: WebhookDelivery = place.app.to(REPLAY_WEBHOOK_DELIVERY, &path).by(&place.owner).ok().await;
    assert_eq!(again.state, WebhookState::Pending);
    place.app.run_jobs().await;
    let told = place.next_attempt().await;
    assert_eq!((told.state, told.attempts, told.last_fault), (WebhookState::Delivered, 12, None));
    assert_eq!(place.receiver.take()[1].headers["webhook-id"], told.webhook_id);
}

#[tokio::test]
async fn a_receiver_says_how_long_it_wants_to_be_left_alone() {
    let place = Place::new().await;
    let busy = |after: &str| Reply::With(429, vec![("Retry-After", after.into())], String::new());
    place.receiver.reply([busy("600"), busy("999999"), busy("1")]);
    place.pay().await;
    let pause = place.only().await.next_attempt_at.unwrap() - place.app.clock.now();
    assert_eq!(pause, TimeDelta::minutes(10));
    let told = place.next_attempt().await;
    let pause = told.next_attempt_at.unwrap() - place.app.clock.now();
    assert_eq!(pause, TimeDelta::hours(24), "no longer than a day");
    let told = place.next_attempt().await;
    let pause = told.next_attempt_at.unwrap() - place.app.clock.now();
    assert!(about(pause, TimeDelta::minutes(30)), "no shorter than the schedule: {pause}");
    assert_eq!(place.next_attempt().await.state, WebhookState::Delivered);
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_waited_for_no_longer_than_configured() {
    let place = Place::new().await;
    place.receiver.reply([Reply::Silence]);
    place.pay().await;
    let told = place.only().await;
    assert_eq!((told.state, told.last_fault), (WebhookState::Pending, Some(WebhookFault::TimedOut)));
    let attempt = place.log(told.id).await.log.remove(0);
    assert!(attempt.duration_ms >= 1_000, "{} ms", attempt.duration_ms);
    assert_eq!(place.next_attempt().await.state, WebhookState::Delivered);
}

#[tokio::test]
async fn a_delivery_whose_job_was_discarded_is_sent_all_the_same() {
    let place = Place::new().await;
    place.receiver.reply([Reply::status(500)]);
    place.pay().await;
    place.app.execute("DELETE FROM jobs").await;
    place.app.advance(TimeDelta::hours(1));
    place.app.run_timer("resume_webhooks").await;
    place.app.run_jobs().await;
    assert_eq!(place.only().await.state, WebhookState::Delivered);
    place.app.run_timer("resume_webhooks").await;
    place.app.run_jobs().await;
    assert_eq!(place.receiver.take().len(), 2, "what has arrived is not sent again");
}

#[tokio::test]
async fn whoever_is_gone_is_told_nothing_more() {
    let place = Place::new().await;
    place.receiver.reply([Reply::status(500), Reply::status(410)]);
    place.pay().await;
    // The second is told that it is gone while the first still waits.
    place.pay().await;
    let endpoint = place.endpoint().await;
    assert_eq!((endpoint.enabled, endpoint.disabled_reason), (false, Some(WebhookDisabledReason::Gone)));
    place.pay().await;
    assert_eq!(place.sent().await.len(), 2, "nothing new is put on its way");
    place.app.advance(TimeDelta::hours(1));
    place.app.run_jobs().await;
    let faults: Vec<_> = place.sent().await.iter().map(|told| (told.state, told.last_fault)).collect();
    let failed = |fault| (WebhookState::Failed, Some(fault));
    assert_eq!(faults, [failed(WebhookFault::Refused), failed(WebhookFault::EndpointDisabled)]);
    assert_eq!(place.receiver.take().len(), 2);
    assert_eq!(told_of(&place).await, 1, "it is told as a fact");
}

async fn told_of(place: &Place) -> i64 {
    place.app.count("SELECT count(*) FROM outbox WHERE fact ->> 'fact' = 'webhook_disabled'").await
}

#[tokio::test]
async fn five_days_without_success_switch_an_endpoint_off_and_a_person_on_again() {
    let place = Place::new().await;
    place.receiver.reply([Reply::status(500), Reply::status(200), Reply::status(500)]);
    place.pay().await;
    let since = place.endpoint().await.failing_since;
    assert_eq!(since, Some(place.app.clock.now()));
    place.next_attempt().await;
    assert_eq!(place.endpoint().await.failing_since, None, "a success makes it good");

    place.pay().await;
    place.app.forget_jobs().await;
    place.app.advance(TimeDelta::days(5) - TimeDelta::seconds(1));
    place.receiver.reply([Reply::status(500)]);
    place.pay().await;
    assert!(place.endpoint().await.enabled);
    place.app.forget_jobs().await;
    place.app.advance(TimeDelta::seconds(1));
    place.receiver.reply([Reply::status(500)]);
    place.pay().await;
    let endpoint = place.endpoint().await;
    assert_eq!((endpoint.enabled, endpoint.disabled_reason), (false, Some(WebhookDisabledReason::Failing)));
    assert_eq!(told_of(&place).await, 1);

    let on: WebhookEndpoint = place
        .app
        .to(UPDATE_WEBHOOK_ENDPOINT, &[&place.id()])
        .by(&place.owner)
        .json(&wish(&place.receiver.url()))
        .ok()
        .await;
    assert_eq!((on.enabled, on.failing_since), (true, None));
    place.receiver.reply([Reply::status(500)]);
    place.pay().await;
    assert!(place.endpoint().await.enabled, "it starts with a clean slate");
}
