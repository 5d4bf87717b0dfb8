//! What arrives is verified by the public libraries of Standard Webhooks: Rust, JavaScript and Python.

use std::process::Stdio;

use chrono::TimeDelta;
use contract::endpoints::ROTATE_WEBHOOK_SECRET;
use contract::webhooks::NewWebhookSecret;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use testkit::Received;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::Place;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verifiers");
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/standardwebhooks/bin/python");

/// Whether the library for Rust believes it.
fn holds(secret: &str, received: &Received) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in &received.headers {
        let name: HeaderName = name.parse().expect("a name");
        headers.insert(name, HeaderValue::from_str(value).expect("a value"));
    }
    let webhook = standardwebhooks::Webhook::new(secret).expect("a secret of the form");
    webhook.verify(received.body.as_bytes(), &headers).is_ok()
}

/// What a program with a library of another language says of it; none when it does not believe it.
async fn told(program: &str, script: &str, secret: &str, received: &Received) -> Option<Value> {
    let mut child = Command::new(program)
        .arg(script)
        .current_dir(FOLDER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`cargo xtask test` has installed it");
    let question = json!({"secret": secret, "headers": received.headers, "body": received.body});
    let mut input = child.stdin.take().expect("it was asked for");
    input.write_all(question.to_string().as_bytes()).await.expect("it listens");
    drop(input);
    let output = child.wait_with_output().await.expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        // Not because it is not there.
        assert!(errors.contains("No matching signature found"), "{errors}");
        return None;
    }
    serde_json::from_slice(&output.stdout).ok()
}

#[tokio::test]
async fn the_libraries_of_three_languages_believe_it() {
    let place = Place::new().await;
    let order = place.pay().await;
    let received = place.receiver.take().remove(0);
    assert!(holds(&place.secret, &received));
    let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assert!(!holds(other, &received));
    for (program, script) in [("node", "verify.mjs"), (PYTHON, "verify.py")] {
        let said = told(program, script, &place.secret, &received).await.expect(script);
        assert_eq!((&said["type"], &said["data"]["order_id"]), (&json!("order.paid"), &json!(order)));
        assert_eq!(told(program, script, other, &received).await, None, "{script}: another secret");
        let altered =
            Received { body: received.body.replace("order.paid", "order.placed"), ..received.clone() };
        assert_eq!(told(program, script, &place.secret, &altered).await, None, "{script}: altered");
    }
}

#[tokio::test]
async fn while_two_secrets_overlap_both_verify() {
    let place = Place::new().await;
    let rotate = place.app.to(ROTATE_WEBHOOK_SECRET, &[&place.id()]).by(&place.owner);
    let rotated: NewWebhookSecret = rotate.key("once").json(&json!({"overlap_hours": 1})).ok().await;
    let again = place.app.to(ROTATE_WEBHOOK_SECRET, &[&place.id()]).by(&place.owner);
    let again: NewWebhookSecret = again.key("once").json(&json!({"overlap_hours": 1})).ok().await;
    assert_eq!(again, rotated, "asked twice it is done once");
    assert!(rotated.endpoint.old_secret_until.is_some());
    place.pay().await;
    let received = place.receiver.take().remove(0);
    assert_eq!(received.headers["webhook-signature"].split(' ').count(), 2);
    for secret in [&place.secret, &rotated.secret] {
        assert!(holds(secret, &received));
        for (program, script) in [("node", "verify.mjs"), (PYTHON, "verify.py")] {
            assert!(told(program, script, secret, &received).await.is_some(), "{script}");
        }
    }
    // Once the old one has ended it signs no more.
    place.app.advance(TimeDelta::hours(1));
    place.pay().await;
    let received = place.receiver.take().remove(0);
    assert_eq!(received.headers["webhook-signature"].split(' ').count(), 1);
    assert_eq!(place.endpoint().await.old_secret_until, None);
    assert_eq!(place.app.count("SELECT count(*) FROM webhook_secrets WHERE length(sealed) > 60").await, 2);
}
