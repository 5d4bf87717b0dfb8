//! Notifications of browsers: what a push service on the loopback is given, and what follows from its answers.

use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use contract::ErrorCode;
use contract::contact_methods::{ContactMethod, PushKey};
use contract::endpoints::{
    ADD_BROWSER, GET_PUSH_KEY, LIST_CONTACT_METHODS, REMOVE_CONTACT, RENEW_BROWSER, SET_QUIET_HOURS,
    TEST_CONTACT,
};
use p256::SecretKey;
use serde_json::{Value, json};
use testkit::{Caller, Received, Receiver, Reply, Setup, TestApp};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verifiers");

/// A browser: its keys, and where its push service listens.
struct Browser {
    key: SecretKey,
    auth: String,
    endpoint: String,
}

impl Browser {
    fn at(endpoint: &str) -> Self {
        let key = SecretKey::from_slice(&rand::random::<[u8; 32]>()).expect("nearly every number is a key");
        let auth = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        Self { key, auth, endpoint: endpoint.to_owned() }
    }

    fn p256dh(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.public_key().to_sec1_bytes())
    }

    fn wish(&self) -> Value {
        json!({"endpoint": self.endpoint, "p256dh": self.p256dh(), "auth": self.auth, "label": "Demo browser"})
    }

    /// What an independent library reads of a message.
    async fn read(&self, received: &Received) -> Value {
        let question = json!({
            "body": URL_SAFE_NO_PAD.encode(&received.bytes),
            "private": URL_SAFE_NO_PAD.encode(self.key.to_bytes()),
            "auth": self.auth,
            "authorization": received.headers["authorization"],
        });
        let mut child = Command::new("node")
            .arg("verify-push.mjs")
            .current_dir(FOLDER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("`cargo xtask test` has installed it");
        let mut input = child.stdin.take().expect("it was asked for");
        input.write_all(question.to_string().as_bytes()).await.expect("it listens");
        drop(input);
        let output = child.wait_with_output().await.expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

/// Somebody whose browser notifies them.
struct Place {
    app: TestApp,
    service: Receiver,
    fan: Caller,
    browser: Browser,
    method: ContactMethod,
}

impl Place {
    async fn new() -> Self {
        let app = Setup::new()
            .routes(messaging::configure)
            .jobs(messaging::jobs)
            .config(|config| config.webhook_networks = vec!["127.0.0.0/8".parse().expect("a network")])
            .start()
            .await;
        let (service, fan) = (Receiver::start(), app.person().await);
        let browser = Browser::at(&service.url());
        let method = app.to(ADD_BROWSER, &[]).by(&fan).json(&browser.wish()).created().await;
        Self { app, service, fan, browser, method }
    }

    async fn methods(&self) -> Vec<ContactMethod> {
        self.app.to(LIST_CONTACT_METHODS, &[]).by(&self.fan).ok().await
    }

    /// Asks for a test.
    async fn ask(&self) {
        self.app.to(TEST_CONTACT, &[&self.method.id.to_string()]).by(&self.fan).await.expect(202);
    }

    /// Asks for a message about something that can wait.
    async fn ask_what_can_wait(&self) {
        self.ask().await;
        self.app.execute("UPDATE deliveries SET topic = 'orders' WHERE state = 'queued'").await;
    }

    async fn deliveries(&self, what: &str) -> i64 {
        self.app.count(&format!("SELECT count(*) FROM deliveries WHERE {what}")).await
    }
}

#[tokio::test]
async fn a_browser_is_given_what_only_it_can_read() {
    let place = Place::new().await;
    place.service.reply([Reply::With(
        201,
        vec![("Location", "https://push.demo.example/m/77".into())],
        String::new(),
    )]);
    place.ask().await;
    place.app.run_jobs().await;
    let received = place.service.take().remove(0);
    assert_eq!(received.line, "POST /hook");
    let header = |name: &str| received.headers.get(name).cloned().unwrap_or_default();
    assert_eq!(
        (header("content-encoding"), header("urgency"), header("ttl")),
        ("aes128gcm".into(), "high".into(), "86400".into())
    );
    assert_eq!(header("topic").len(), 32, "as long as a topic may be");
    // 86 octets of header, 512 of text, one that ends it, 16 of the cipher.
    assert_eq!(received.bytes.len(), 86 + 512 + 1 + 16);

    let read = place.browser.read(&received).await;
    let key: PushKey = place.app.to(GET_PUSH_KEY, &[]).by(&place.fan).ok().await;
    assert_eq!(read["key"], key.public_key);
    assert_eq!(read["head"], json!({"typ": "JWT", "alg": "ES256"}));
    let exp = (place.app.clock.now() + TimeDelta::hours(12)).timestamp();
    let origin = place.service.url().replace("/hook", "");
    assert_eq!(read["claims"], json!({"aud": origin, "exp": exp, "sub": "mailto:tickets@ringside.example"}));
    let payload = &read["payload"];
    assert_eq!(
        (&payload["title"], &payload["body"]),
        (&json!("A test"), &json!("This is where Ringside reaches you."))
    );
    assert_eq!((&payload["tag"], &payload["lang"]), (&json!(header("topic")), &json!("en")));
    assert_eq!(payload["url"], "/account/notifications");
    assert_eq!(
        place.deliveries("state = 'sent' AND provider_id = '77' AND recipient = 'Demo browser'").await,
        1
    );
    // The endpoint is a secret: whoever knows it may send.
    let leaks = format!("deliveries::text LIKE '%{}%'", place.service.port());
    assert_eq!(place.deliveries(&leaks).await, 0);
}

#[tokio::test]
async fn a_browser_that_is_gone_is_shown_so_until_it_comes_back() {
    let place = Place::new().await;
    place.service.reply([Reply::status(410)]);
    place.ask().await;
    place.app.run_jobs().await;
    assert_eq!(place.methods().await[0].gone_at, Some(place.app.clock.now()));
    assert_eq!(
        place.deliveries("state = 'failed' AND last_error = 'the push service answered 410'").await,
        1
    );
    let test = place.app.to(TEST_CONTACT, &[&place.method.id.to_string()]).by(&place.fan);
    test.problem(ErrorCode::WrongState).await;

    let again: ContactMethod =
        place.app.to(ADD_BROWSER, &[]).by(&place.fan).json(&place.browser.wish()).created().await;
    assert_eq!((again.id, again.gone_at), (place.method.id, None));
    // One after the other, at the pace of a browser.
    place.app.advance(TimeDelta::seconds(2));
    place.ask().await;
    place.app.run_jobs().await;
    assert_eq!(place.service.take().len(), 2);
}

#[tokio::test]
async fn what_is_on_its_way_to_a_browser_that_was_removed_is_held_back() {
    let place = Place::new().await;
    place.ask().await;
    let id = place.method.id.to_string();
    place.app.to(REMOVE_CONTACT, &[&id]).by(&place.fan).no_content().await;
    place.app.run_jobs().await;
    assert_eq!((place.service.take().len(), place.methods().await.len()), (0, 0));
    assert_eq!(place.deliveries("state = 'suppressed'").await, 1);
    place.app.to(REMOVE_CONTACT, &[&id]).by(&place.fan).problem(ErrorCode::NotFound).await;
    let told =
        "SELECT count(*) FROM audit_log WHERE action IN ('contact_method.added', 'contact_method.removed')
                   AND audit_log::text NOT LIKE '%127.0.0.1:%'";
    assert_eq!(place.app.count(told).await, 2);
}

#[tokio::test]
async fn a_push_service_that_takes_no_more_is_left_alone_as_long_as_it_asks_for() {
    let place = Place::new().await;
    place.service.reply([Reply::With(429, vec![("Retry-After", "120".into())], String::new())]);
    place.ask().await;
    place.app.run_jobs().await;
    assert_eq!(place.service.take().len(), 1);
    place.app.advance(TimeDelta::seconds(119));
    place.app.run_jobs().await;
    assert_eq!(place.service.take().len(), 0, "it asked for two minutes");
    assert_eq!(place.deliveries("state = 'queued' AND attempts = 0").await, 1);
    place.app.advance(TimeDelta::seconds(1));
    place.app.run_jobs().await;
    assert_eq!(place.service.take().len(), 1);
    assert_eq!(place.deliveries("state = 'sent' AND attempts = 1").await, 1);
}

#[tokio::test]
async fn a_refusal_is_final_or_not_by_what_it_says() {
    let place = Place::new().await;
    place.service.reply([Reply::status(413)]);
    place.ask().await;
    place.app.run_jobs().await;
    assert_eq!(place.deliveries("state = 'failed' AND attempts = 1").await, 1, "too large is too large");
    assert_eq!(place.methods().await[0].gone_at, None);

    for status in [403, 500] {
        place.service.reply([Reply::status(status)]);
        place.app.advance(TimeDelta::minutes(1));
        place.ask().await;
        assert_eq!(place.app.run_jobs_and_see().await.failed.len(), 1, "{status}");
        assert_eq!(place.deliveries("state = 'queued' AND attempts = 1").await, 1, "{status}");
        place.app.advance(TimeDelta::minutes(1));
        place.app.run_jobs().await;
        assert_eq!(place.deliveries("state = 'queued'").await, 0, "{status}");
    }
    let topics: Vec<String> = place.service.take().iter().map(|one| one.headers["topic"].clone()).collect();
    assert_eq!(topics.len(), 5);
    assert!(topics[1] == topics[2] && topics[2] != topics[3], "a message keeps its name: {topics:?}");
}

#[tokio::test]
async fn quiet_hours_hold_back_what_can_wait_until_the_morning_of_the_place() {
    let place = Place::new().await;
    // In Bangkok it is 19:00.
    let quiet = json!({"time_zone": "Asia/Bangkok", "begins": "18:30", "ends": "07:30"});
    place.app.to(SET_QUIET_HOURS, &[]).by(&place.fan).json(&quiet).await.expect(200);
    place.ask_what_can_wait().await;
    place.app.run_jobs().await;
    assert_eq!(place.service.take().len(), 0);
    assert_eq!(place.deliveries("due_at = '2026-11-21T00:30:00Z' AND state = 'queued'").await, 1);
    place.ask().await;
    place.app.run_jobs().await;
    assert_eq!(place.service.take().len(), 1, "what is urgent does not wait");

    place.app.advance(TimeDelta::minutes(12 * 60 + 29));
    place.app.run_jobs().await;
    assert_eq!(place.service.take().len(), 0, "07:29");
    place.app.advance(TimeDelta::minutes(1));
    place.app.run_jobs().await;
    let received = place.service.take();
    assert_eq!(received.len(), 1, "07:30");
    assert_eq!(received[0].headers["urgency"], "normal");
}

#[tokio::test]
async fn a_browser_notifies_whoever_let_it_notify_last() {
    let place = Place::new().await;
    let other = place.app.person().await;
    let _: ContactMethod =
        place.app.to(ADD_BROWSER, &[]).by(&other).json(&place.browser.wish()).created().await;
    assert!(place.methods().await.is_empty());
}

#[tokio::test]
async fn a_browser_renews_its_subscription_by_what_only_it_knows() {
    let place = Place::new().await;
    let newer = Browser::at(&place.service.url().replace("/hook", "/newer"));
    let renewal = |endpoint: &str, auth: &str| json!({"old_endpoint": endpoint, "old_auth": auth, "endpoint": newer.endpoint, "p256dh": newer.p256dh(), "auth": newer.auth});
    let (endpoint, auth) = (place.browser.endpoint.as_str(), place.browser.auth.as_str());
    for (endpoint, auth) in [(endpoint, newer.auth.as_str()), (newer.endpoint.as_str(), auth)] {
        place.app.to(RENEW_BROWSER, &[]).json(&renewal(endpoint, auth)).problem(ErrorCode::NotFound).await;
    }
    place.app.to(RENEW_BROWSER, &[]).json(&renewal(endpoint, auth)).no_content().await;
    assert_eq!(place.methods().await, std::slice::from_ref(&place.method));
    place.ask().await;
    place.app.run_jobs().await;
    let received = place.service.take().remove(0);
    assert_eq!(received.line, "POST /newer");
    newer.read(&received).await;
    place.app.to(RENEW_BROWSER, &[]).json(&renewal(endpoint, auth)).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn an_address_that_may_not_be_asked_is_no_push_service() {
    let app = Setup::new().routes(messaging::configure).start().await;
    let fan = app.person().await;
    for endpoint in
        ["http://push.demo.example/x", "https://127.0.0.1/x", "https://10.0.0.1/x", "ftp://push.demo.example"]
    {
        let refused = app.to(ADD_BROWSER, &[]).by(&fan).json(&Browser::at(endpoint).wish());
        let refused = refused.problem(ErrorCode::InvalidFields).await;
        assert_eq!(refused.fields[0].field, "endpoint", "{endpoint}");
    }
    let browser = Browser::at("https://push.demo.example/x");
    for (field, bad) in
        [("p256dh", URL_SAFE_NO_PAD.encode([4; 65])), ("auth", URL_SAFE_NO_PAD.encode([4; 17]))]
    {
        let mut wish = browser.wish();
        wish[field] = json!(bad);
        let refused = app.to(ADD_BROWSER, &[]).by(&fan).json(&wish).problem(ErrorCode::InvalidFields).await;
        assert_eq!(refused.fields[0].field, field);
    }
    let _: ContactMethod = app.to(ADD_BROWSER, &[]).by(&fan).json(&browser.wish()).created().await;
}
