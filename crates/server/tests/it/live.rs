//! Live updates of all areas: what happens at one server is heard at the other.

use contract::ErrorCode;
use contract::endpoints::{GET_LIVE_STATISTICS, PLACE_HOLD};
use contract::live::{LiveMessage, LiveStatistics, Refused};
use domain::Role;
use serde_json::{Value, json};
use testkit::{Setup, Socket};

use crate::night::Night;
use crate::privacy::platform_owner;

fn setup() -> Setup {
    crate::setup().rooms(|_| std::sync::Arc::new(server::rooms::Topics))
}

async fn subscribe(socket: &mut Socket, topic: &str) {
    socket.say(&json!({"do": "subscribe", "topics": [topic]})).await;
    let allowed = LiveMessage::Subscribed { topic: topic.to_owned(), allowed: true, at: None, why: None };
    assert_eq!(socket.hear_told().await, allowed);
}

/// The next fact.
async fn fact(socket: &mut Socket) -> (String, Value) {
    match socket.hear_told().await {
        LiveMessage::Changed { topic, fact, .. } => (topic, fact["fact"].clone()),
        other => panic!("{other:?} is no fact"),
    }
}

#[tokio::test]
async fn a_seat_that_is_held_at_one_server_is_seen_at_the_other() {
    let app = setup().redis().start().await;
    let night = Night::on_sale(&app, "demo-live", 10).await;
    app.run_jobs().await;
    let twin = app.twin();
    let topic = format!("event:{}", night.event);
    let mut there = twin.live().await;
    subscribe(&mut there, &topic).await;
    // Until the servers know each other.
    loop {
        app.state().bus.publish(&topic, &json!({"fact": "hello"})).await;
        let hears = tokio::time::timeout(std::time::Duration::from_millis(50), fact(&mut there)).await;
        if hears.is_ok() {
            break;
        }
    }

    let event = night.event.to_string();
    let wish = json!({"seats": [night.seats[0]]});
    let _: Value = app.to(PLACE_HOLD, &[&event]).json(&wish).created().await;
    app.run_jobs().await;
    loop {
        let (heard, name) = fact(&mut there).await;
        assert_eq!(heard, topic);
        if name != "hello" {
            assert_eq!(name, "availability_changed");
            break;
        }
    }
}

#[tokio::test]
async fn the_staff_of_an_event_see_each_other_and_its_guests_and_nobody_else_does() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-live", 10).await;
    app.run_jobs().await;
    let topic = format!("staff:{}", night.event);
    let colleague = app.member(night.owner.org_id.expect("an owner owns"), Role::Viewer).await;
    let stranger = app.member(app.org("Other Promotions").await, Role::Owner).await;
    let subscribed = json!({"do": "subscribe", "topics": [topic]});
    let mut sockets = Vec::new();
    for caller in [&night.owner, &colleague] {
        let mut socket = app.live().await;
        let organisation = caller.org_id;
        socket.say(&json!({"do": "sign_in", "token": caller.token, "organisation": organisation})).await;
        socket.say(&subscribed).await;
        sockets.push(socket);
    }
    let mut guest = app.live().await;
    subscribe(&mut guest, &format!("event:{}", night.event)).await;
    for socket in &mut sockets {
        loop {
            if let LiveMessage::Present { people, guests, .. } = socket.hear().await
                && people.len() == 2
                && guests == 1
            {
                let mut ids: Vec<_> = people.iter().map(|person| person.id).collect();
                ids.sort();
                let mut expected = [night.owner.user_id, colleague.user_id];
                expected.sort();
                assert_eq!(ids, expected);
                break;
            }
        }
    }

    let refused =
        LiveMessage::Subscribed { topic, allowed: false, at: None, why: Some(Refused::NotPermitted) };
    guest.say(&subscribed).await;
    assert_eq!(guest.hear().await, refused);
    let mut other = app.live().await;
    other.say(&json!({"do": "sign_in", "token": stranger.token, "organisation": stranger.org_id})).await;
    other.say(&subscribed).await;
    assert_eq!(other.hear().await, refused);
}

#[tokio::test]
async fn statistics_are_for_those_who_run_ringside() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-live", 10).await;
    app.run_jobs().await;
    let topic = format!("event:{}", night.event);
    let mut guest = app.live().await;
    subscribe(&mut guest, &topic).await;
    app.state().bus.publish(&topic, &json!({"fact": "hello"})).await;
    assert_eq!(fact(&mut guest).await.1, "hello");

    let chief = platform_owner(&app).await;
    let now: LiveStatistics = app.to(GET_LIVE_STATISTICS, &[]).by(&chief).ok().await;
    assert_eq!((now.servers.len(), now.servers[0].is_this, now.servers[0].sockets), (1, true, 1));
    let room = &now.rooms[0];
    assert_eq!((room.topic.as_str(), room.sockets, room.told), (topic.as_str(), 1, 1));
    assert_eq!((now.delivered, now.waiting, now.dropped, now.behind), (2, 0, 0, 0));
    app.to(GET_LIVE_STATISTICS, &[]).by(&night.owner).problem(ErrorCode::NotFound).await;
}
