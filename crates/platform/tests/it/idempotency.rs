//! The same POST twice.

use contract::ErrorCode;
use futures_util::future::join_all;

use crate::desk::{Note, note, start};

#[tokio::test]
async fn a_repeated_post_is_done_once_and_answered_alike() {
    let app = start().await;
    let first: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    let second: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    assert_eq!(first, second);
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 1);
    assert_eq!(app.run_jobs().await, 1);
}

#[tokio::test]
async fn a_key_belongs_to_one_request_and_one_person() {
    let app = start().await;
    let _: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    app.post("/notes").key("k1").json(&note("b")).problem(ErrorCode::IdempotencyKeyReused).await;
    let fan = app.person().await;
    let _: Note = app.post("/notes").by(&fan).key("k1").json(&note("c")).created().await;
    app.run_jobs().await;
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let app = start().await;
    app.post("/notes").key("k1").json(&note("refused")).problem(ErrorCode::WrongState).await;
    let _: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    assert_eq!(app.count("SELECT count(*) FROM idempotency_keys").await, 1);
    app.run_jobs().await;
}

#[tokio::test]
async fn twins_at_the_same_moment_are_one() {
    let app = start().await;
    let calls = (0..20).map(|_| app.post("/notes").key("twin").json(&note("a")).created::<Note>());
    let answers = join_all(calls).await;
    assert_eq!(answers.len(), 20);
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 1);
    assert_eq!(app.run_jobs().await, 1);
}

#[tokio::test]
async fn unreadable_keys_are_refused() {
    let app = start().await;
    for bad in ["", "with space", &"x".repeat(201)] {
        app.post("/notes").key(bad).json(&note("a")).problem(ErrorCode::MalformedRequest).await;
    }
}
