//! How fast messages leave by an account, and what a provider that takes no more makes wait.

use chrono::TimeDelta;
use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use contract::endpoints::{REMOVE_CHANNEL_ACCOUNT, RETRY_DELIVERY};
use serde_json::json;
use testkit::Reply;
use uuid::Uuid;

use super::{Place, answer, busy};

const TO: &str = "U4af4980629";

fn sent(id: &str) -> Reply {
    answer(200, &json!({"sentMessages": [{"id": id}]}))
}

#[tokio::test]
async fn messages_leave_no_faster_than_the_provider_takes_them() {
    let place = Place::new().await;
    place.set(Channel::Line, &json!({"settings": place.settings(Channel::Line), "per_minute": 60})).await;
    place.provider.reply([sent("1"), sent("2"), sent("3")]);
    for _ in 0..3 {
        place.test(Channel::Line, TO).await;
    }
    place.app.run_jobs().await;
    for sofar in 1..=3 {
        assert_eq!(place.provider.take().len(), 1, "the {sofar}th");
        if sofar < 3 {
            place.later(TimeDelta::milliseconds(999)).await;
            assert!(place.provider.take().is_empty(), "a second is not over");
            place.later(TimeDelta::milliseconds(1)).await;
        }
    }
    assert_eq!(
        place.app.count("SELECT count(*) FROM deliveries WHERE state = 'sent' AND attempts = 1").await,
        3
    );
}

#[tokio::test]
async fn all_that_goes_by_an_account_waits_as_long_as_the_provider_asks() {
    let place = Place::new().await;
    let others = Place { provider: testkit::Receiver::start(), ..Place::new().await };
    place.account(Channel::Line).await;
    place.account(Channel::Sms).await;
    others.account(Channel::Line).await;
    place
        .provider
        .reply([busy("90", &json!({"message": "The API rate limit has been exceeded. Try again later."}))]);
    let first = place.test(Channel::Line, TO).await;
    place.app.run_jobs().await;
    assert_eq!(place.provider.take().len(), 1);

    // Another message waits without being tried; another account does not wait.
    let second = place.test(Channel::Line, TO).await;
    place.provider.reply([answer(201, &json!({"sid": "SM1"}))]);
    let sms = place.test(Channel::Sms, "+66811111111").await;
    place.app.run_jobs().await;
    assert_eq!(place.provider.take().len(), 1, "the text message alone");
    assert_eq!(place.state(sms).await, DeliveryState::Sent);
    let asked = "answered 429: The API rate limit has been exceeded. Try again later.";
    for (id, why) in [(first, Some(asked)), (second, None)] {
        let told = place.delivery(id).await.summary;
        assert_eq!((told.state, told.attempts, told.last_error.as_deref()), (DeliveryState::Queued, 0, why));
        let waits = told.due_at.expect("it waits") - place.app.clock.now();
        assert!((90..91).contains(&waits.num_seconds()), "{waits}");
    }
    others.provider.reply([sent("9")]);
    assert_eq!(others.try_out(Channel::Line, TO).await.state, DeliveryState::Sent);

    place.provider.reply([sent("1"), sent("2")]);
    place.later(TimeDelta::seconds(89)).await;
    assert!(place.provider.take().is_empty(), "the pause is not over");
    place.later(TimeDelta::seconds(2)).await;
    assert_eq!(
        (place.state(first).await, place.state(second).await),
        (DeliveryState::Sent, DeliveryState::Sent)
    );
    assert_eq!(place.delivery(first).await.summary.attempts, 1);

    // The list shows what went one way.
    let page: contract::Page<contract::deliveries::DeliverySummary> =
        place.app.get("/deliveries?channel=sms").by(&place.owner).ok().await;
    let ids: Vec<_> = page.items.iter().map(|told| told.id).collect();
    assert_eq!(ids, [sms]);
}

#[tokio::test]
async fn a_provider_that_never_takes_it_is_given_up_after_ten_hours() {
    let place = Place::new().await;
    place.account(Channel::Line).await;
    place.provider.reply(std::iter::repeat_n(Reply::status(502), 30));
    let id = place.test(Channel::Line, TO).await;
    place.app.run_jobs_and_see().await;
    for _ in 0..19 {
        assert_eq!(place.state(id).await, DeliveryState::Queued);
        place.later(TimeDelta::minutes(80)).await;
    }
    let told = place.delivery(id).await.summary;
    assert_eq!((told.state, told.attempts), (DeliveryState::Failed, 20));
    let requests = place.provider.take();
    let keys: std::collections::BTreeSet<_> =
        requests.iter().map(|one| &one.headers["x-line-retry-key"]).collect();
    assert_eq!((requests.len(), keys.len()), (20, 1), "one key, however often it is tried");
}

#[tokio::test]
async fn without_an_account_a_message_is_kept_and_sent_again_by_a_person() {
    let place = Place::new().await;
    place.account(Channel::Line).await;
    let id = place.test(Channel::Line, TO).await;
    place.app.to(REMOVE_CHANNEL_ACCOUNT, &["line"]).by(&place.owner).no_content().await;
    place.app.run_jobs().await;
    let told = place.delivery(id).await.summary;
    assert_eq!((told.state, told.attempts), (DeliveryState::Kept, 0));
    assert_eq!(told.last_error.as_deref(), Some("no provider is set up for this channel"));

    place.account(Channel::Line).await;
    place.provider.reply([sent("1")]);
    let _ = place.app.to(RETRY_DELIVERY, &[&id.to_string()]).by(&place.owner).send().await.expect(200);
    place.app.run_jobs().await;
    assert_eq!(place.state(id).await, DeliveryState::Sent);
}

/// A person with a contact method in the organisation's account, and a message to them that failed.
async fn person(place: &Place, channel: Channel, address: &str) -> (Uuid, Uuid) {
    let (method, delivery) = (Uuid::now_v7(), Uuid::now_v7());
    let person = place.app.person().await.user_id;
    let sealed = place.app.state().keys.seal(&format!("contact method {method}"), address.as_bytes());
    let (sealed, org, name) = (hex::encode(sealed), place.org, channel.name());
    place
        .app
        .execute(&format!(
            "INSERT INTO contact_methods (id, user_id, org_id, channel, sealed, digest, shown, verified_at, created_at)
             VALUES ('{method}', '{person}', '{org}', '{name}', '\\x{sealed}', '\\x00', 'Demo Fan', now(), now());
             INSERT INTO deliveries (id, org_id, channel, topic, user_id, contact_method_id, recipient, recipient_name,
                                     template, locale, subject, html, plain, state, attempts, cause, created_at)
             VALUES ('{delivery}', '{org}', '{name}', 'orders', '{person}', '{method}', 'Demo Fan', '', 'demo', 'en',
                     'Hello', '', 'Doors at 18:00', 'failed', 0, 'demo:{delivery}', now())"
        ))
        .await;
    (method, delivery)
}

#[tokio::test]
async fn an_address_that_is_gone_is_written_to_no_more() {
    let place = Place::new().await;
    place.account(Channel::Sms).await;
    let (method, delivery) = person(&place, Channel::Sms, "+66812222222").await;
    let retry = async || {
        let call = place.app.to(RETRY_DELIVERY, &[&delivery.to_string()]).by(&place.owner);
        let _ = call.send().await.expect(200);
        place.app.run_jobs_and_see().await;
    };
    place.provider.reply([answer(
        400,
        &json!({"code": 21610, "message": "Attempt to send to unsubscribed recipient"}),
    )]);
    retry().await;
    let told = place.delivery(delivery).await.summary;
    assert_eq!((told.state, told.attempts), (DeliveryState::Failed, 1));
    let body = place.only().body;
    assert!(body.starts_with("To=%2B66812222222&"), "{body}");
    let gone = format!("SELECT count(*) FROM contact_methods WHERE id = '{method}' AND gone_at IS NOT NULL");
    assert_eq!(place.app.count(&gone).await, 1);
    assert_eq!(place.account_now(Channel::Sms).await.fault, None, "it says nothing of the account");

    retry().await;
    assert_eq!(place.state(delivery).await, DeliveryState::Suppressed);
    assert!(place.provider.take().is_empty(), "nothing is asked");
}
