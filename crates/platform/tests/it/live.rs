//! Live updates over a WebSocket.

use contract::live::LiveMessage;
use platform::bus::Bus;
use platform::redis::Redis;
use serde_json::json;
use testkit::RedisServer;

use crate::desk::{Note, note, start};

#[tokio::test]
async fn who_subscribed_hears_of_changes_and_others_do_not() {
    let app = start().await;
    let mut socket = app.live().await;
    socket.say(&json!({"do": "subscribe", "topics": ["notes", "members"]})).await;
    let allowed = |topic: &str, allowed| LiveMessage::Subscribed { topic: topic.to_owned(), allowed };
    assert_eq!(socket.hear().await, allowed("notes", true));
    assert_eq!(socket.hear().await, allowed("members", false));

    let _: Note = app.post("/notes").json(&note("a")).created().await;
    app.run_jobs().await;
    let LiveMessage::Changed { topic, fact } = socket.hear().await else { panic!("no change was told") };
    assert_eq!((topic.as_str(), &fact["fact"]), ("notes", &json!("event_changed")));
}

#[tokio::test]
async fn a_token_opens_more_topics() {
    let app = start().await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, domain::Role::Owner).await;
    let mut socket = app.live().await;
    socket.say(&json!({"do": "sign_in", "token": owner.token})).await;
    socket.say(&json!({"do": "subscribe", "topics": ["members"]})).await;
    assert_eq!(socket.hear().await, LiveMessage::Subscribed { topic: "members".into(), allowed: true });
}

#[tokio::test]
async fn instances_hear_each_other_over_redis_and_themselves_without() {
    let mut server = RedisServer::start();
    let redis = Redis::new(&server.url()).expect("the address is right");
    let (one, two) = (Bus::new(Some(redis.clone())), Bus::new(Some(redis)));
    let mut at_one = one.subscribe();
    let mut at_two = two.subscribe();
    let relay = tokio::spawn(two.clone().relay());
    // The relay needs a moment to subscribe; what is told before is not heard.
    let told = loop {
        one.publish("t", &json!(1)).await;
        match tokio::time::timeout(std::time::Duration::from_millis(50), at_two.recv()).await {
            Ok(told) => break told.expect("the bus is open"),
            Err(_) => continue,
        }
    };
    assert_eq!((told.topic.as_str(), &told.data), ("t", &json!(1)));
    while at_one.try_recv().is_ok() {}
    server.stop();
    one.publish("t", &json!(2)).await;
    assert_eq!(at_one.recv().await.expect("the bus is open").data, json!(2));
    relay.abort();
}
