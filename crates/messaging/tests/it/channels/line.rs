//! LINE, as its Messaging API takes messages.

use chrono::TimeDelta;
use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use serde_json::json;
use testkit::Reply;

use super::{Place, WHOLE, answer, body, busy};

const TO: &str = "U4af4980629";

#[tokio::test]
async fn a_message_carries_its_key_from_the_first_try_on() {
    let place = Place::new().await;
    place.account(Channel::Line).await;
    let sent = json!({"sentMessages": [{"id": "461230966842064897", "quoteToken": "IStG5h1Tz7b"}]});
    place.provider.reply([Reply::status(500), Reply::Silence, answer(200, &sent)]);
    let id = place.test(Channel::Line, TO).await;
    place.app.run_jobs_and_see().await;
    let told = place.delivery(id).await.summary;
    assert_eq!(
        (told.state, told.attempts, told.last_error.as_deref()),
        (DeliveryState::Queued, 1, Some("answered 500"))
    );
    place.later(TimeDelta::minutes(1)).await;
    let told = place.delivery(id).await.summary;
    assert_eq!(
        (told.state, told.attempts, told.last_error.as_deref()),
        (DeliveryState::Queued, 2, Some("no answer in time"))
    );
    place.later(TimeDelta::minutes(1)).await;
    let told = place.delivery(id).await.summary;
    assert_eq!((told.state, told.attempts, told.last_error), (DeliveryState::Sent, 3, None));
    assert_eq!(told.to, "…", "of a short id nothing is shown");

    let requests = place.provider.take();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.line, "POST /v2/bot/message/push");
        assert_eq!(request.headers["authorization"], "Bearer line-access-token-1");
        assert_eq!(request.headers["x-line-retry-key"], id.to_string());
        assert_eq!(body(request), json!({"to": TO, "messages": [{"type": "text", "text": WHOLE}]}));
    }
    let known = "SELECT count(*) FROM deliveries WHERE provider_id = '461230966842064897'";
    assert_eq!(place.app.count(known).await, 1);
}

#[tokio::test]
async fn what_was_accepted_before_is_sent() {
    let place = Place::new().await;
    place.account(Channel::Line).await;
    let known = json!({"message": "The retry key is already accepted", "sentMessages": [{"id": "77"}]});
    let headers = vec![("X-Line-Accepted-Request-Id", "123e4567-e89b-12d3".to_owned())];
    place.provider.reply([Reply::With(409, headers, known.to_string())]);
    assert_eq!(place.try_out(Channel::Line, TO).await.state, DeliveryState::Sent);
    let _ = place.provider.take();
    // Without that header it says nothing of the kind.
    let ended = place.refused(Channel::Line, TO, answer(409, &json!({"message": "Conflict"}))).await;
    assert_eq!((ended.0, ended.1), (DeliveryState::Failed, 1));
}

#[tokio::test]
async fn each_refusal_has_its_own_end() {
    let place = Place::new().await;
    place.account(Channel::Line).await;
    let says = |words: &str| json!({"message": words});
    let ended = place
        .refused(
            Channel::Line,
            TO,
            busy("2", &says("The API rate limit has been exceeded. Try again later.")),
        )
        .await;
    assert_eq!((ended.0, ended.1), (DeliveryState::Queued, 0));

    let unknown =
        json!({"message": "The property, 'to', in the request body is invalid (line: -, column: -)"});
    let ended = place.refused(Channel::Line, TO, answer(400, &unknown)).await;
    assert_eq!((ended.0, ended.1), (DeliveryState::Failed, 1));
    assert_eq!(place.account_now(Channel::Line).await.fault, None);

    let ended = place.refused(Channel::Line, TO, answer(401, &says("Authentication failed."))).await;
    assert_eq!(ended, (DeliveryState::Queued, 1, "answered 401: Authentication failed.".to_owned()));
    let fault = place.account_now(Channel::Line).await.fault;
    assert_eq!(fault.as_deref(), Some("answered 401: Authentication failed."));

    // A month's messages are spent: that is no matter of seconds.
    let spent = says("You have reached your monthly limit.");
    let ended = place.refused(Channel::Line, TO, answer(429, &spent)).await;
    assert_eq!((ended.0, ended.1), (DeliveryState::Queued, 1));
    let fault = place.account_now(Channel::Line).await.fault;
    assert_eq!(fault.as_deref(), Some("answered 429: You have reached your monthly limit."));
}
