//! What bad input gets.

use contract::{ErrorCode, Page};
use serde_json::json;

use crate::desk::{Note, note, start};

#[tokio::test]
async fn json_that_is_none_is_refused_with_its_place() {
    let app = start().await;
    let problem = app
        .post("/notes")
        .bytes("application/json", "{\"text\":\n oops}")
        .problem(ErrorCode::MalformedJson)
        .await;
    assert_eq!((&problem.more["line"], &problem.more["column"]), (&json!(2), &json!(2)));
    app.post("/notes").bytes("application/json", "").problem(ErrorCode::MalformedJson).await;
    app.post("/notes").bytes("text/plain", "{}").problem(ErrorCode::UnsupportedMediaType).await;
}

#[tokio::test]
async fn fields_that_do_not_hold_are_named() {
    let app = start().await;
    for (body, field, fault) in [
        (json!({}), "text", "missing"),
        (json!({"text": 5}), "text", "invalid"),
        (json!({"text": ""}), "text", "too_short"),
        (json!({"text": "x".repeat(21)}), "text", "too_long"),
        (json!({"text": "x", "more": 1}), "more", "unknown"),
    ] {
        let problem = app.post("/notes").json(&body).problem(ErrorCode::InvalidFields).await;
        assert_eq!(
            (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
            (field, fault),
            "{body}"
        );
    }
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 0);
}

#[tokio::test]
async fn thai_letters_are_counted_as_people_count_them() {
    let app = start().await;
    let _: Note = app.post("/notes").json(&note("มวยไทย คืนนี้ สนุก")).created().await;
    app.run_jobs().await;
}

#[tokio::test]
async fn a_body_too_large_is_refused_whether_announced_or_not() {
    let app = start().await;
    let large = json!({ "text": "x".repeat(1 << 20) }).to_string();
    app.post("/notes").bytes("application/json", large).problem(ErrorCode::BodyTooLarge).await;
}

#[tokio::test]
async fn pages_follow_each_other_and_end() {
    let app = start().await;
    for text in ["a", "b", "c"] {
        let _: Note = app.post("/notes").json(&note(text)).created().await;
    }
    let first: Page<String> = app.get("/notes?limit=2").ok().await;
    assert_eq!(first.items, ["a", "b"]);
    let after = first.next.expect("a third note follows");
    let last: Page<String> = app.get(&format!("/notes?limit=2&after={after}")).ok().await;
    assert_eq!((last.items, last.next), (vec!["c".to_owned()], None));
    app.get("/notes?limit=201").problem(ErrorCode::PageTooLarge).await;
    app.get("/notes?limit=0").problem(ErrorCode::InvalidFields).await;
    app.get("/notes?limit=many").problem(ErrorCode::MalformedRequest).await;
    app.get("/notes?after=nonsense").problem(ErrorCode::UnknownCursor).await;
    app.run_jobs().await;
}

#[tokio::test]
async fn unknown_ids_and_routes_are_problems_too() {
    let app = start().await;
    app.get("/notes/not-an-id").problem(ErrorCode::NotFound).await;
    app.get("/nowhere").problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn a_failure_of_ours_is_told_blankly_and_undone() {
    let app = start().await;
    let problem = app.post("/notes").json(&note("broken")).problem(ErrorCode::Internal).await;
    assert!(!serde_json::to_string(&problem).expect("a problem is JSON").contains("secret"));
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
}

#[tokio::test]
async fn a_violated_constraint_is_the_callers_fault_by_name() {
    let app = start().await;
    let problem = app.post("/notes").json(&note("taken")).problem(ErrorCode::SlugTaken).await;
    assert_eq!(problem.fields[0].field, "slug");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = start().await;
    let answer = app.get("/notes").await.expect(200);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-request-id").len(), 32);
}

#[tokio::test]
async fn what_lies_too_deep_or_hides_is_refused() {
    let app = start().await;
    let deep = format!("{{\"text\":{}{}}}", "[".repeat(40), "]".repeat(40));
    app.post("/notes").bytes("application/json", deep).problem(ErrorCode::MalformedJson).await;
    for text in ["\u{202e}gnp.exe", "bell\u{7}", "\u{0}"] {
        app.post("/notes").json(&note(text)).problem(ErrorCode::InvalidFields).await;
    }
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 0);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let patience = platform::http::BodyPatience(Duration::from_millis(150));
    let app = crate::desk::setup()
        .root(move |_, config| {
            config.app_data(patience);
        })
        .start()
        .await;
    let address = app.url.strip_prefix("http://").expect("plain HTTP");
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("the server listens");
    let head = "POST /api/v1/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.expect("it is sent");
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_refused() {
    let app = start().await;
    let many = (0..70).fold(app.get("/notes"), |call, n| call.header(&format!("x-{n}"), "1"));
    many.problem(ErrorCode::HeadersTooLarge).await;
    app.get("/notes").header("x-long", &"x".repeat(17 << 10)).problem(ErrorCode::HeadersTooLarge).await;
    let _ = app.get("/notes").header("x-long", &"x".repeat(10 << 10)).await.expect(200);
    let flood = (0..300).fold(app.get("/notes"), |call, n| call.header(&format!("x-{n}"), "1"));
    assert!(flood.await.status.is_client_error());
}
