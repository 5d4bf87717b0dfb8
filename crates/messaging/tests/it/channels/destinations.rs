//! Setting rooms up: their addresses go in and do not come out.

use contract::channels::Topic;
use contract::destinations::{Destination, Severity};
use contract::endpoints::{
    CREATE_DESTINATION, DELETE_DESTINATION, LIST_DESTINATIONS, TEST_DESTINATION, UPDATE_DESTINATION,
};
use contract::{ErrorCode, Page};
use domain::{Permission, Role};
use serde_json::{Value, json};
use testkit::Reply;

use super::Place;

fn slack(url: &str) -> Value {
    json!({"channel": "slack", "name": " Demo control room ", "topics": ["operations", "announcements"], "address": url})
}

#[tokio::test]
async fn an_address_goes_in_and_does_not_come_out() {
    let place = Place::new().await;
    let url = format!("{}/services/T000/B000/XXXXsecretXXXX", place.api());
    let room = place.room(&slack(&url)).await;
    assert_eq!(
        (room.name.as_str(), room.shown.as_str(), room.enabled),
        ("Demo control room", "127.0.0.1 …XXXX", true)
    );
    assert_eq!(room.topics, [Topic::Announcements, Topic::Operations]);
    let page = place.app.to(LIST_DESTINATIONS, &[]).by(&place.owner).send().await.expect(200).text();
    assert!(!page.contains("secret"), "{page}");
    let told =
        "SELECT count(*) FROM audit_log WHERE after::text LIKE '%secret%' OR before::text LIKE '%secret%'";
    assert_eq!(place.app.count(told).await, 0);

    // Left out it stays.
    let wish = json!({"channel": "slack", "name": "Demo night desk", "topics": ["operations"]});
    let id = room.id.to_string();
    let call = place.app.to(UPDATE_DESTINATION, &[&id]).by(&place.owner);
    let changed: Destination = call.json(&wish).ok().await;
    assert_eq!((changed.name.as_str(), &changed.shown), ("Demo night desk", &room.shown));
    place.try_room(room.id).await;
    assert_eq!(place.only().line, "POST /services/T000/B000/XXXXsecretXXXX");

    let wish =
        json!({"channel": "slack", "name": "Demo night desk", "topics": ["operations"], "enabled": false});
    let call = place.app.to(UPDATE_DESTINATION, &[&id]).by(&place.owner);
    let off: Destination = call.json(&wish).ok().await;
    assert!(!off.enabled);
    place.app.to(TEST_DESTINATION, &[&id]).by(&place.owner).problem(ErrorCode::WrongState).await;

    place.app.to(DELETE_DESTINATION, &[&id]).by(&place.owner).no_content().await;
    place.app.to(DELETE_DESTINATION, &[&id]).by(&place.owner).problem(ErrorCode::NotFound).await;
    let actions = "SELECT count(DISTINCT action) FROM audit_log WHERE action LIKE 'destination.%'";
    assert_eq!(place.app.count(actions).await, 4);
}

#[tokio::test]
async fn what_waits_for_a_room_that_is_removed_is_not_sent() {
    let place = Place::new().await;
    let room = place.room(&slack(&format!("{}/x", place.api()))).await;
    place.provider.reply([Reply::status(500)]);
    let told = place.try_room(room.id).await;
    place.app.to(DELETE_DESTINATION, &[&room.id.to_string()]).by(&place.owner).no_content().await;
    let _ = place.provider.take();
    place.later(chrono::TimeDelta::minutes(1)).await;
    let told = place.delivery(told.id).await.summary;
    assert_eq!(told.state, contract::deliveries::DeliveryState::Suppressed);
    assert!(place.provider.take().is_empty());
}

#[tokio::test]
async fn what_does_not_hold_is_named() {
    let place = Place::new().await;
    let url = format!("{}/x", place.api());
    let with = |changed: Value| {
        let mut wish = slack(&url);
        for (name, value) in changed.as_object().expect("an object") {
            wish[name] = value.clone();
        }
        wish
    };
    for (wish, field, code) in [
        (with(json!({"topics": ["orders"]})), "topics[0]", "not_for_staff"),
        (with(json!({"address": "https://10.0.0.1/x"})), "address", "address_not_allowed"),
        (with(json!({"address": null})), "address", "required"),
        (with(json!({"channel": "line"})), "channel", "no_room"),
        (with(json!({"name": "  "})), "name", "required"),
        (with(json!({"channel": "pagerduty", "address": "not a key"})), "address", "pattern"),
        (
            with(json!({"channel": "pagerduty", "address": "0123456789", "api": "http://10.0.0.1"})),
            "api",
            "address_not_allowed",
        ),
    ] {
        let call = place.app.to(CREATE_DESTINATION, &[]).by(&place.owner);
        let problem = call.json(&wish).problem(ErrorCode::InvalidFields).await;
        assert_eq!(
            (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
            (field, code),
            "{wish}"
        );
    }
    let room = place.room(&slack(&url)).await;
    let moved = with(json!({"channel": "discord"}));
    let call = place.app.to(UPDATE_DESTINATION, &[&room.id.to_string()]).by(&place.owner);
    let problem = call.json(&moved).problem(ErrorCode::InvalidFields).await;
    assert_eq!(problem.fields[0].code, "fixed");
}

#[tokio::test]
async fn how_grave_alerts_are_is_kept_and_shown() {
    let place = Place::new().await;
    let wish = json!({"channel": "pagerduty", "name": "Demo on call", "topics": ["operations"], "address": "0123456789abcdef"});
    let room = place.room(&wish).await;
    assert_eq!((room.severity, room.api), (Some(Severity::Error), None));
    let wish =
        json!({"channel": "pagerduty", "name": "Demo on call", "topics": ["operations"], "severity": "info"});
    let call = place.app.to(UPDATE_DESTINATION, &[&room.id.to_string()]).by(&place.owner);
    let changed: Destination = call.json(&wish).ok().await;
    assert_eq!((changed.severity, changed.shown.as_str()), (Some(Severity::Info), "…cdef"));
}

#[tokio::test]
async fn rooms_are_their_organisations() {
    let place = Place::new().await;
    let room = place.room(&slack(&format!("{}/x", place.api()))).await;
    let id = room.id.to_string();
    let reader = place.owner.without(Permission::OrganisationManage);
    let body = slack("https://hooks.slack.example/x");
    place.app.to(CREATE_DESTINATION, &[]).by(&reader).json(&body).problem(ErrorCode::NotPermitted).await;
    place.app.to(UPDATE_DESTINATION, &[&id]).by(&reader).json(&body).problem(ErrorCode::NotPermitted).await;
    place.app.to(DELETE_DESTINATION, &[&id]).by(&reader).problem(ErrorCode::NotPermitted).await;
    place.app.to(TEST_DESTINATION, &[&id]).by(&reader).problem(ErrorCode::NotPermitted).await;

    let org = place.app.org("Demo Rivals").await;
    let stranger = place.app.member(org, Role::Owner).await;
    let seen: Page<Destination> = place.app.to(LIST_DESTINATIONS, &[]).by(&stranger).ok().await;
    assert!(seen.items.is_empty());
    place.app.to(UPDATE_DESTINATION, &[&id]).by(&stranger).json(&body).problem(ErrorCode::NotFound).await;
    place.app.to(DELETE_DESTINATION, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    place.app.to(TEST_DESTINATION, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    assert_eq!(place.room_now(room.id).await, room);
}
