//! Two servers with a Redis between them behave as one.

use std::time::Duration;

use contract::live::{LiveMessage, Present};
use redis::AsyncCommands as _;
use serde_json::{Value, json};
use testkit::{Caller, Socket, TestApp};

use crate::desk::setup;

async fn start() -> TestApp {
    setup().redis().start().await
}

async fn subscribe(socket: &mut Socket, topic: &str) {
    socket.say(&json!({"do": "subscribe", "topics": [topic]})).await;
    let allowed = LiveMessage::Subscribed { topic: topic.to_owned(), allowed: true, at: None, why: None };
    assert_eq!(socket.hear_told().await, allowed);
}

fn changed(fact: Value) -> LiveMessage {
    LiveMessage::Changed { topic: "notes".to_owned(), at: None, fact }
}

async fn tell(app: &TestApp, fact: Value) {
    app.state().bus.publish("notes", &fact).await;
}

/// Waits until what is told at the one server is heard at the other, and by nobody else.
async fn meet(app: &TestApp, there: &mut Socket) {
    // What is told before they know each other is not heard.
    loop {
        tell(app, json!("hello")).await;
        if tokio::time::timeout(Duration::from_millis(50), there.hear_told()).await.is_ok() {
            break;
        }
    }
    tell(app, json!("well met")).await;
    while there.hear_told().await != changed(json!("well met")) {}
}

/// Waits for what is said of those present: their names, and how many guests.
async fn present(socket: &mut Socket, names: &[&Caller], guests: u32) {
    let mut expected: Vec<_> =
        names.iter().map(|caller| Present { name: caller.email.clone(), id: caller.user_id }).collect();
    expected.sort();
    loop {
        if let LiveMessage::Present { people, guests: seen, .. } = socket.hear().await
            && (&people, seen) == (&expected, guests)
        {
            return;
        }
    }
}

async fn behind_the_page(mut socket: Socket, caller: &Caller) -> Socket {
    socket.say(&json!({"do": "sign_in", "token": caller.token})).await;
    socket.say(&json!({"do": "subscribe", "topics": ["behind"]})).await;
    socket
}

#[tokio::test]
async fn what_is_told_at_one_is_heard_at_the_other() {
    let app = start().await;
    let twin = app.twin();
    let mut there = twin.live().await;
    subscribe(&mut there, "notes").await;
    meet(&app, &mut there).await;
    let mut here = app.live().await;
    subscribe(&mut here, "notes").await;
    for number in 0..100 {
        tell(&app, json!(number)).await;
    }
    for number in 0..100 {
        assert_eq!(here.hear_told().await, changed(json!(number)));
        assert_eq!(there.hear_told().await, changed(json!(number)));
    }
    twin.state().bus.publish("notes", &json!("and back")).await;
    assert_eq!(here.hear_told().await, changed(json!("and back")));
}

#[tokio::test]
async fn after_redis_was_gone_clients_fetch_what_they_may_have_missed() {
    let mut app = start().await;
    let twin = app.twin();
    let mut there = twin.live().await;
    subscribe(&mut there, "notes").await;
    meet(&app, &mut there).await;
    let mut here = app.live().await;
    subscribe(&mut here, "notes").await;

    app.redis.as_mut().expect("it was asked for").stop();
    tell(&app, json!("while it was gone")).await;
    assert_eq!(here.hear_told().await, changed(json!("while it was gone")));
    app.redis.as_mut().expect("it was asked for").resume();
    assert_eq!(there.hear().await, LiveMessage::Behind { topic: None });
    assert_eq!(here.hear().await, LiveMessage::Behind { topic: None });
    meet(&app, &mut there).await;
}

#[tokio::test]
async fn a_message_that_did_not_arrive_is_noticed_by_its_number() {
    let app = start().await;
    let twin = app.twin();
    let mut there = twin.live().await;
    subscribe(&mut there, "notes").await;
    meet(&app, &mut there).await;

    let url = app.redis.as_ref().expect("it was asked for").url();
    let client = redis::Client::open(url).expect("the address is right");
    let mut redis = client.get_multiplexed_async_connection().await.expect("Redis answers");
    let from = uuid::Uuid::now_v7();
    for number in [1, 2, 4] {
        let said = json!({"told": {"topic": "notes", "data": number}});
        let message = json!({"from": from, "number": number, "said": said}).to_string();
        redis.publish::<_, _, ()>("ringside:bus", message).await.expect("Redis takes it");
    }
    assert_eq!(there.hear().await, changed(json!(1)));
    assert_eq!(there.hear().await, changed(json!(2)));
    assert_eq!(there.hear().await, LiveMessage::Behind { topic: None }, "the third is missing");
    assert_eq!(there.hear().await, changed(json!(4)));
}

#[tokio::test]
async fn who_is_present_is_known_at_both_and_those_of_a_dead_server_are_forgotten() {
    let app = start().await;
    let twin = app.twin();
    let (ann, bo) = (app.person().await, app.person().await);
    let mut of_ann = behind_the_page(app.live().await, &ann).await;
    present(&mut of_ann, &[&ann], 0).await;
    let mut of_bo = behind_the_page(twin.live().await, &bo).await;
    present(&mut of_bo, &[&ann, &bo], 0).await;
    present(&mut of_ann, &[&ann, &bo], 0).await;

    let mut guests = (app.live().await, twin.live().await);
    subscribe(&mut guests.0, "page").await;
    subscribe(&mut guests.1, "page").await;
    present(&mut of_ann, &[&ann, &bo], 2).await;
    present(&mut of_bo, &[&ann, &bo], 2).await;
    drop(guests.1);
    present(&mut of_ann, &[&ann, &bo], 1).await;
    drop(guests.0);
    present(&mut of_bo, &[&ann, &bo], 0).await;

    // It takes nothing back: what it said ends by itself, here at once.
    drop(twin);
    let url = app.redis.as_ref().expect("it was asked for").url();
    let client = redis::Client::open(url).expect("the address is right");
    let mut redis = client.get_multiplexed_async_connection().await.expect("Redis answers");
    let servers: Vec<String> = redis.smembers("ringside:present").await.expect("Redis answers");
    assert_eq!(servers.len(), 2);
    for server in servers {
        let said = format!("ringside:present:{server}");
        let left: i64 = redis.pttl(&said).await.expect("Redis answers");
        assert!((1..=15_000).contains(&left), "{left} ms are left");
        redis.del::<_, ()>(&said).await.expect("Redis answers");
    }
    present(&mut of_ann, &[&ann], 0).await;
}
