//! Slack, Discord, Teams and PagerDuty, as they take messages.

use chrono::TimeDelta;
use contract::deliveries::DeliveryState;
use serde_json::json;
use testkit::Reply;

use super::{Place, TEXT, TITLE, WHOLE, answer, body, busy};

fn says(status: u16, words: &str) -> Reply {
    Reply::With(status, vec![("Content-Type", "text/html".into())], words.to_owned())
}

#[tokio::test]
async fn slack_shows_title_and_text() {
    let place = Place::new().await;
    let url = format!("{}/services/T000/B000/XXXXsecretXXXX", place.api());
    let room =
        json!({"channel": "slack", "name": "Demo control room", "topics": ["operations"], "address": url});
    let room = place.room(&room).await;
    place.provider.reply([says(200, "ok")]);
    let told = place.try_room(room.id).await;
    assert_eq!((told.state, told.to.as_str()), (DeliveryState::Sent, "Demo control room"));
    let request = place.only();
    assert_eq!(request.line, "POST /services/T000/B000/XXXXsecretXXXX");
    let section = |text: &str| json!({"type": "section", "text": {"type": "mrkdwn", "text": text}});
    let bold = format!("*{TITLE}*");
    assert_eq!(body(&request), json!({"text": TITLE, "blocks": [section(&bold), section(TEXT)]}));

    let ended = place.refused_by_room(room.id, busy("30", &json!({}))).await;
    assert_eq!(ended, (DeliveryState::Queued, 0, "answered 429: {}".to_owned()));
    let ended = place.refused_by_room(room.id, says(400, "invalid_payload")).await;
    assert_eq!(ended, (DeliveryState::Failed, 1, "answered 400: invalid_payload".to_owned()));
    let ended =
        place.refused_by_room(room.id, says(404, "Cannot POST /services/T000/B000/XXXXsecretXXXX")).await;
    assert_eq!(ended, (DeliveryState::Failed, 1, "answered 404: Cannot POST …".to_owned()));

    // A room that was archived, or whose webhook was removed, is told nothing more until somebody switches it on.
    for words in ["channel_is_archived", "no_service"] {
        place
            .app
            .execute("UPDATE destinations SET enabled = true, fault = NULL; DELETE FROM sending_paces")
            .await;
        place.provider.reply([says(410, words)]);
        assert_eq!(place.try_room(room.id).await.state, DeliveryState::Failed);
        let _ = place.provider.take();
        let now = place.room_now(room.id).await;
        assert_eq!((now.enabled, now.fault), (false, Some(format!("answered 410: {words}"))));
    }
}

#[tokio::test]
async fn discord_calls_nobody_and_says_how_long_to_wait() {
    let place = Place::new().await;
    let url = format!("{}/api/webhooks/1/secret-token-0001?thread_id=7", place.api());
    let room =
        json!({"channel": "discord", "name": "Demo crew", "topics": ["announcements"], "address": url});
    let room = place.room(&room).await;
    place.provider.reply([answer(200, &json!({"id": "1320000000000000000", "content": WHOLE}))]);
    assert_eq!(place.try_room(room.id).await.state, DeliveryState::Sent);
    let request = place.only();
    assert_eq!(request.line, "POST /api/webhooks/1/secret-token-0001?thread_id=7&wait=true");
    assert_eq!(body(&request), json!({"content": WHOLE, "allowed_mentions": {"parse": []}}));

    let limited = json!({"message": "You are being rate limited.", "retry_after": 64.57, "global": false});
    place.app.advance(TimeDelta::minutes(1));
    place.provider.reply([answer(429, &limited), answer(200, &json!({"id": "2"}))]);
    let told = place.try_room(room.id).await;
    let wait = told.due_at.expect("it waits") - place.app.clock.now();
    assert_eq!((told.state, told.attempts), (DeliveryState::Queued, 0));
    assert!((64_569..=64_570).contains(&wait.num_milliseconds()), "{wait}");
    place.later(wait + TimeDelta::seconds(1)).await;
    assert_eq!(place.state(told.id).await, DeliveryState::Sent);
    let _ = place.provider.take();

    place.app.advance(TimeDelta::minutes(1));
    let unknown = json!({"message": "Unknown Webhook", "code": 10015});
    let ended = place.refused_by_room(room.id, answer(404, &unknown)).await;
    assert_eq!(ended, (DeliveryState::Failed, 1, "answered 404: Unknown Webhook".to_owned()));
    assert_eq!(place.room_now(room.id).await.fault.as_deref(), Some("answered 404: Unknown Webhook"));
}

#[tokio::test]
async fn teams_gets_a_card() {
    let place = Place::new().await;
    let url = format!("{}/workflows/0/triggers/manual/paths/invoke?sig=secret-signature", place.api());
    let room = json!({"channel": "teams", "name": "Demo office", "topics": ["operations"], "address": url});
    let room = place.room(&room).await;
    place.provider.reply([Reply::status(202)]);
    assert_eq!(place.try_room(room.id).await.state, DeliveryState::Sent);
    let request = place.only();
    assert_eq!(request.line, "POST /workflows/0/triggers/manual/paths/invoke?sig=secret-signature");
    let attachment = &body(&request)["attachments"][0];
    assert_eq!(body(&request)["type"], "message");
    assert_eq!(attachment["contentType"], "application/vnd.microsoft.card.adaptive");
    let card = &attachment["content"];
    assert_eq!((&card["type"], &card["version"]), (&json!("AdaptiveCard"), &json!("1.4")));
    let run = |row: usize| card["body"][row]["inlines"][0]["text"].clone();
    assert_eq!((run(0), run(1)), (json!(TITLE), json!(TEXT)));

    let off =
        json!({"error": {"code": "WorkflowTriggerIsNotEnabled", "message": "Could not execute workflow"}});
    let ended = place.refused_by_room(room.id, answer(400, &off)).await;
    assert_eq!(ended, (DeliveryState::Failed, 1, "answered 400: WorkflowTriggerIsNotEnabled".to_owned()));
    let ended = place.refused_by_room(room.id, answer(401, &json!({}))).await;
    assert_eq!(ended, (DeliveryState::Queued, 1, "answered 401".to_owned()));
    assert_eq!(place.room_now(room.id).await.fault.as_deref(), Some("answered 401"));
}

#[tokio::test]
async fn pagerduty_makes_one_alert_of_a_message_sent_twice() {
    let place = Place::new().await;
    let room = json!({
        "channel": "pagerduty", "name": "Demo on call", "topics": ["operations"], "api": place.api(),
        "address": "0123456789abcdef0123456789abcdef", "severity": "critical",
    });
    let room = place.room(&room).await;
    assert_eq!((room.shown.as_str(), room.api.as_deref()), ("…cdef", Some(place.api().as_str())));
    let taken = json!({"status": "success", "message": "Event processed", "dedup_key": "any"});
    place.provider.reply([Reply::status(503), answer(202, &taken)]);
    let told = place.try_room(room.id).await;
    assert_eq!((told.state, told.attempts), (DeliveryState::Queued, 1));
    place.later(TimeDelta::minutes(1)).await;
    assert_eq!(place.state(told.id).await, DeliveryState::Sent);
    let requests = place.provider.take();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!(request.line, "POST /v2/enqueue");
        let asked = body(request);
        assert_eq!(asked["dedup_key"], json!(told.id));
        assert_eq!(asked["event_action"], "trigger");
        assert_eq!(asked["routing_key"], "0123456789abcdef0123456789abcdef");
        let payload = &asked["payload"];
        assert_eq!((&payload["summary"], &payload["severity"]), (&json!(TITLE), &json!("critical")));
        assert_eq!(
            (&payload["source"], &payload["custom_details"]["text"]),
            (&json!("Ringside"), &json!(TEXT))
        );
    }
    place.app.advance(TimeDelta::minutes(1));
    let wrong = json!({"status": "invalid event", "message": "Event object is invalid", "errors": ["'payload.summary' is missing"]});
    let ended = place.refused_by_room(room.id, answer(400, &wrong)).await;
    assert_eq!(ended, (DeliveryState::Failed, 1, "answered 400: 'payload.summary' is missing".to_owned()));
    let wrong = json!({"status": "invalid event", "errors": ["Invalid routing key 0123456789abcdef0123456789abcdef"]});
    let ended = place.refused_by_room(room.id, answer(400, &wrong)).await;
    assert_eq!(ended, (DeliveryState::Queued, 1, "answered 400: Invalid routing key …".to_owned()));
    let ended = place.refused_by_room(room.id, answer(429, &json!({"status": "throttle exceeded"}))).await;
    assert_eq!((ended.0, ended.1), (DeliveryState::Queued, 0));
}
