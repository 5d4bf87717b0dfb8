//! Live updates over a WebSocket.

use contract::live::{LiveMessage, MOST_REQUESTS, MOST_TOPICS, NOT_UNDERSTOOD, Refused, TOO_MANY_REQUESTS};
use serde_json::{Value, json};
use testkit::{Socket, TestApp};

use crate::desk::{Note, note, start};

fn allowed(topic: &str) -> LiveMessage {
    LiveMessage::Subscribed { topic: topic.to_owned(), allowed: true, at: None, why: None }
}

fn refused(topic: &str, why: Refused) -> LiveMessage {
    LiveMessage::Subscribed { topic: topic.to_owned(), allowed: false, at: None, why: Some(why) }
}

fn changed(topic: &str, fact: &Value) -> LiveMessage {
    LiveMessage::Changed { topic: topic.to_owned(), at: None, fact: fact.clone() }
}

fn behind(topic: &str) -> LiveMessage {
    LiveMessage::Behind { topic: Some(topic.to_owned()) }
}

async fn listening(app: &TestApp, topic: &str) -> Socket {
    let mut socket = app.live().await;
    socket.say(&json!({"do": "subscribe", "topics": [topic]})).await;
    assert_eq!(socket.hear().await, allowed(topic));
    socket
}

async fn tell(app: &TestApp, topic: &str, fact: Value) {
    app.state().bus.publish(topic, &fact).await;
}

/// A figure of the live sockets, as Prometheus reads it.
fn figure(app: &TestApp, name: &str) -> u64 {
    let text = app.state().bus.hub().render();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{name} is missing in {text}"))
}

#[tokio::test]
async fn who_subscribed_hears_of_changes_and_others_do_not() {
    let app = start().await;
    let mut socket = app.live().await;
    socket.say(&json!({"do": "subscribe", "topics": ["notes", "members"]})).await;
    assert_eq!(socket.hear().await, allowed("notes"));
    assert_eq!(socket.hear().await, refused("members", Refused::NotPermitted));

    let _: Note = app.post("/notes").json(&note("a")).created().await;
    app.run_jobs().await;
    let LiveMessage::Changed { topic, fact, .. } = socket.hear().await else { panic!("no change was told") };
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
    assert_eq!(socket.hear().await, allowed("members"));
}

#[tokio::test]
async fn who_unsubscribed_hears_no_more_and_two_names_of_a_room_are_two_topics() {
    let app = start().await;
    let mut socket = listening(&app, "notes").await;
    socket.say(&json!({"do": "subscribe", "topics": ["notes:secret", "notes"]})).await;
    assert_eq!(socket.hear().await, allowed("notes:secret"));
    assert_eq!(socket.hear().await, allowed("notes"), "asking again is no second subscription");
    tell(&app, "notes", json!(1)).await;
    assert_eq!(socket.hear().await, changed("notes", &json!(1)));
    assert_eq!(socket.hear().await, changed("notes:secret", &json!(1)));

    socket.say(&json!({"do": "unsubscribe", "topics": ["notes"]})).await;
    socket.say(&json!({"do": "subscribe", "topics": ["notes-2"]})).await;
    assert_eq!(socket.hear().await, allowed("notes-2"));
    tell(&app, "notes", json!(2)).await;
    assert_eq!(socket.hear().await, changed("notes:secret", &json!(2)));
    assert_eq!(figure(&app, "ringside_live_rooms"), 2);
    drop(socket);
    let mut last = listening(&app, "notes-3").await;
    while figure(&app, "ringside_live_sockets") > 1 {
        last.say(&json!({"do": "subscribe", "topics": ["notes-3"]})).await;
        assert_eq!(last.hear().await, allowed("notes-3"));
    }
    assert_eq!(figure(&app, "ringside_live_rooms"), 1, "nobody listens to the others");
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed_or_is_told_to_fetch() {
    let app = start().await;
    let mut socket = listening(&app, "notes").await;
    tell(&app, "notes", json!("heard")).await;
    let (_, position) = socket.hear_with_position().await;
    let position = position.expect("a message has its place");
    drop(socket);
    tell(&app, "notes", json!("missed")).await;
    tell(&app, "notes-2", json!("of no interest")).await;
    tell(&app, "notes", json!("missed, too")).await;

    let again = json!({"do": "subscribe", "topics": ["notes"], "since": {"notes": position}});
    let mut socket = app.live().await;
    socket.say(&again).await;
    assert_eq!(socket.hear().await, changed("notes", &json!("missed")));
    assert_eq!(socket.hear().await, changed("notes", &json!("missed, too")));
    assert_eq!(socket.hear().await, allowed("notes"));

    for number in 0..100 {
        tell(&app, "notes", json!(number)).await;
        assert_eq!(socket.hear().await, changed("notes", &json!(number)));
    }
    let mut late = app.live().await;
    late.say(&again).await;
    assert_eq!(late.hear().await, behind("notes"), "so much is not kept");
    assert_eq!(late.hear().await, allowed("notes"));
    let elsewhere = json!({"do": "subscribe", "topics": ["notes"], "since": {"notes": "0badcafe-1"}});
    late.say(&elsewhere).await;
    assert_eq!(late.hear().await, behind("notes"), "numbers of another process mean nothing here");
    assert_eq!(late.hear().await, allowed("notes"));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_told_to_fetch_and_hears_what_comes_after() {
    let app = start().await;
    let mut slow = listening(&app, "notes").await;
    let mut quick = listening(&app, "notes").await;
    let large = json!("x".repeat(32 << 10));
    let mut told = 0_u64;
    // First the buffers of the system fill, then the client's line.
    while figure(&app, "ringside_live_behind_total") == 0 {
        // As many as a room gathers.
        for _ in 0..64 {
            tell(&app, "notes", large.clone()).await;
        }
        for _ in 0..64 {
            assert_eq!(quick.hear().await, changed("notes", &large));
        }
        told += 64;
    }
    assert!(told > 256, "so many may wait");
    let mut heard = 0;
    let behind = loop {
        match slow.hear().await {
            LiveMessage::Changed { .. } => heard += 1,
            other => break other,
        }
    };
    assert_eq!(behind, LiveMessage::Behind { topic: None });
    assert!(heard + 256 <= told, "what waited was left out: {heard} of {told}");
    tell(&app, "notes", json!("after")).await;
    for client in [&mut slow, &mut quick] {
        assert_eq!(client.hear().await, changed("notes", &json!("after")));
    }
    assert_eq!(figure(&app, "ringside_live_waiting"), 0);
}

#[tokio::test]
async fn of_figures_that_come_too_fast_the_last_are_heard() {
    let app = start().await;
    let mut slow = listening(&app, "notes").await;
    let large = "x".repeat(32 << 10);
    let mut told = 0_u64;
    while figure(&app, "ringside_live_dropped_total") == 0 {
        told += 1;
        app.state().bus.publish_sample("notes", &json!([told, large])).await;
    }
    let mut last = 0;
    while last < told {
        let LiveMessage::Changed { fact, .. } = slow.hear().await else { panic!("nothing else is told") };
        let number = fact[0].as_u64().expect("figures are numbered");
        assert!(number > last, "in order");
        last = number;
    }
    assert_eq!(figure(&app, "ringside_live_behind_total"), 0);
}

#[tokio::test]
async fn a_socket_has_its_limits() {
    let app = start().await;
    let mut socket = app.live().await;
    let topics: Vec<_> = (0..MOST_TOPICS).map(|number| format!("notes-{number}")).collect();
    socket.say(&json!({"do": "subscribe", "topics": topics})).await;
    for topic in &topics {
        assert_eq!(socket.hear().await, allowed(topic));
    }
    socket.say(&json!({"do": "subscribe", "topics": ["notes", "notes-7"]})).await;
    assert_eq!(socket.hear().await, refused("notes", Refused::TooManyTopics));
    assert_eq!(socket.hear().await, allowed("notes-7"));

    let mut talker = app.live().await;
    talker.say(&json!({"do": "ping"})).await;
    assert_eq!(talker.hear().await, LiveMessage::Pong);
    for _ in 0..=MOST_REQUESTS {
        talker.say(&json!({"do": "unsubscribe", "topics": []})).await;
    }
    assert_eq!(talker.closed().await, TOO_MANY_REQUESTS);
    let mut other = app.live().await;
    other.say(&json!({"do": "dance"})).await;
    assert_eq!(other.closed().await, NOT_UNDERSTOOD);
    let mut greedy = app.live().await;
    let topics: Vec<_> = (0..=MOST_TOPICS).map(|number| format!("notes-{number}")).collect();
    greedy.say(&json!({"do": "subscribe", "topics": topics})).await;
    assert_eq!(greedy.closed().await, NOT_UNDERSTOOD);
}
