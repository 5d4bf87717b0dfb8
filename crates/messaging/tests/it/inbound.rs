//! `/inbound`: what other systems tell us.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use contract::endpoints::{
    CREATE_INBOUND_SOURCE, DELETE_INBOUND_SOURCE, GET_INBOUND_EVENT, LIST_INBOUND_EVENTS,
    LIST_INBOUND_SOURCES, RECEIVE_INBOUND, REPLAY_INBOUND_EVENT, UPDATE_INBOUND_SOURCE,
};
use contract::inbound::{InboundEvent, InboundEventLog, InboundReceipt, InboundSource, NewInboundSource};
use contract::{ErrorCode, Page};
use domain::Role;
use hmac::{Hmac, KeyInit as _, Mac as _};
use messaging::privacy::Letters;
use platform::privacy::Holder as _;
use serde_json::{Value, json};
use sha2::Sha256;
use testkit::{Answer, Call, Caller, Setup, TestApp};
use uuid::Uuid;

const MESSAGE: &str = r#"{"id": "evt-7", "type": "invoice.settled", "data": {"order": "7KQ2-MX4D"}}"#;
const GIVEN: &str = "a secret the other system made";

struct Place {
    app: TestApp,
    owner: Caller,
    source: InboundSource,
    secret: Option<String>,
}

impl Place {
    async fn with(signature: Value, secret: Option<&str>) -> Self {
        let app = Setup::new().routes(messaging::configure).jobs(messaging::jobs).start().await;
        let org = app.org("Demo Promotions").await;
        let owner = app.member(org, Role::Owner).await;
        let wish = wish(signature, secret);
        let made: NewInboundSource =
            app.to(CREATE_INBOUND_SOURCE, &[]).by(&owner).json(&wish).created().await;
        Self { app, owner, source: made.source, secret: made.secret }
    }

    /// A call that is not signed yet.
    fn send(&self, body: &str) -> Call {
        self.app.to(RECEIVE_INBOUND, &[&self.source.id.to_string()]).bytes("application/json", body)
    }

    /// Signed as Standard Webhooks says, by the public library.
    fn signed(&self, id: &str, body: &str) -> Call {
        let now = self.app.clock.now().timestamp();
        let secret = self.secret.as_deref().expect("it was made here");
        let webhook = standardwebhooks::Webhook::new(secret).expect("a secret of the form");
        let signature = webhook.sign(id, now, body.as_bytes()).expect("it signs");
        let call = self.send(body).header("webhook-id", id).header("webhook-timestamp", &now.to_string());
        call.header("webhook-signature", &signature)
    }

    async fn events(&self, query: &str) -> Vec<InboundEvent> {
        let page: Page<InboundEvent> =
            self.app.get(&format!("/inbound-events{query}")).by(&self.owner).ok().await;
        page.items
    }

    /// How often the fact was told.
    async fn told(&self) -> i64 {
        self.app.run_jobs().await;
        self.app.count("SELECT count(*) FROM outbox WHERE fact ->> 'fact' = 'inbound_received'").await
    }
}

fn wish(signature: Value, secret: Option<&str>) -> Value {
    let mut wish = json!({
        "name": "Demo ledger", "signature": signature,
        "mapping": {"idempotency_key": "/id", "event_type": "/type", "subject": "/data/order"},
    });
    if let Some(secret) = secret {
        wish["secret"] = json!(secret);
    }
    wish
}

fn standard() -> Value {
    json!({"kind": "standard_webhooks"})
}

fn id_of(answer: Answer) -> Uuid {
    answer.expect(202).json::<InboundReceipt>().id
}

#[tokio::test]
async fn what_is_signed_is_taken_once_and_answered_as_before() {
    let place = Place::with(standard(), None).await;
    let first = id_of(place.signed("msg_1", MESSAGE).await);
    let again = id_of(place.signed("msg_2", MESSAGE).await);
    assert_eq!(first, again, "the same key");
    let other = id_of(place.signed("msg_3", &MESSAGE.replace("evt-7", "evt-8")).await);
    assert_ne!(first, other);
    assert_eq!(place.told().await, 2);
    let log: InboundEventLog =
        place.app.to(GET_INBOUND_EVENT, &[&first.to_string()]).by(&place.owner).ok().await;
    assert_eq!(log.body, MESSAGE);
    let event = log.event;
    assert_eq!(
        (event.event_type.as_deref(), event.subject.as_deref(), event.idempotency_key.as_deref()),
        (Some("invoice.settled"), Some("7KQ2-MX4D"), Some("evt-7"))
    );
    assert_eq!((event.refused, event.replays), (None, 0));
}

#[tokio::test]
async fn two_at_once_are_taken_once() {
    let place = Place::with(standard(), None).await;
    let calls = (0..8).map(|_| place.signed("msg_1", MESSAGE).send());
    let ids: Vec<_> = futures_util::future::join_all(calls).await.into_iter().map(id_of).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(place.told().await, 1);
}

#[tokio::test]
async fn without_a_place_for_it_the_key_is_the_message_id() {
    let place = Place::with(standard(), None).await;
    let mut wish = wish(standard(), None);
    wish["mapping"] = json!({"event_type": "/type"});
    let path = [&*place.source.id.to_string()];
    let _: InboundSource = place.app.to(UPDATE_INBOUND_SOURCE, &path).by(&place.owner).json(&wish).ok().await;
    let first = id_of(place.signed("msg_1", MESSAGE).await);
    assert_eq!(first, id_of(place.signed("msg_1", MESSAGE).await));
    assert_ne!(first, id_of(place.signed("msg_2", MESSAGE).await));
    assert_eq!(place.told().await, 2);
}

#[tokio::test]
async fn what_is_not_signed_is_refused_and_kept() {
    let place = Place::with(standard(), None).await;
    let refused = async |call: Call, code: ErrorCode| {
        call.problem(code).await;
        let events = place.events("?refused=true").await;
        assert_eq!(events[0].refused.as_deref(), Some(code.code()));
    };
    refused(place.send(MESSAGE), ErrorCode::BadSignature).await;
    let other = "v1,bm90IGEgc2lnbmF0dXJl";
    let now = place.app.clock.now().timestamp().to_string();
    let forged = place.send(MESSAGE).header("webhook-id", "msg_1").header("webhook-timestamp", &now);
    refused(forged.header("webhook-signature", other), ErrorCode::BadSignature).await;
    let late = place.signed("msg_1", MESSAGE);
    place.app.advance(TimeDelta::minutes(6));
    refused(late, ErrorCode::CallbackStale).await;
    refused(place.signed("msg_1", "not json"), ErrorCode::MalformedJson).await;
    refused(place.signed("msg_1", r#"{"id": "1"}"#), ErrorCode::InvalidFields).await;
    assert_eq!(place.told().await, 0);
    // A right one after a wrong one is taken.
    id_of(place.signed("msg_1", MESSAGE).await);
    assert_eq!((place.events("?refused=false").await.len(), place.events("").await.len()), (1, 6));

    let long = "x".repeat(300 << 10);
    place.signed("msg_9", &long).problem(ErrorCode::BodyTooLarge).await;
    let first = place.events("?refused=true&limit=1").await.remove(0);
    let path = [&*first.id.to_string()];
    place.app.to(REPLAY_INBOUND_EVENT, &path).by(&place.owner).problem(ErrorCode::WrongState).await;
    assert_eq!(place.told().await, 1);
}

#[tokio::test]
async fn a_stranger_fills_no_table() {
    let place = Place::with(standard(), None).await;
    for _ in 0..105 {
        place.send("{}").problem(ErrorCode::BadSignature).await;
    }
    assert_eq!(place.app.count("SELECT count(*) FROM inbound_events").await, 100);
    place.app.advance(TimeDelta::minutes(61));
    place.send(&"y".repeat(10_000)).problem(ErrorCode::BadSignature).await;
    assert_eq!(place.app.count("SELECT count(*) FROM inbound_events").await, 101);
    assert_eq!(place.app.count("SELECT max(length(body))::bigint AS count FROM inbound_events").await, 4_096);
}

#[tokio::test]
async fn unknown_sources_and_those_switched_off_are_not_there() {
    let place = Place::with(standard(), None).await;
    let nobody = place.app.to(RECEIVE_INBOUND, &[&Uuid::now_v7().to_string()]).json(&json!({}));
    nobody.problem(ErrorCode::NotFound).await;
    let nobody = place.app.to(RECEIVE_INBOUND, &["not-an-id"]).json(&json!({}));
    nobody.problem(ErrorCode::NotFound).await;
    let mut off = wish(standard(), None);
    off["enabled"] = json!(false);
    let path = [&*place.source.id.to_string()];
    let _: InboundSource = place.app.to(UPDATE_INBOUND_SOURCE, &path).by(&place.owner).json(&off).ok().await;
    place.signed("msg_1", MESSAGE).problem(ErrorCode::NotFound).await;
    assert_eq!(place.app.count("SELECT count(*) FROM inbound_events").await, 0);
}

#[tokio::test]
async fn a_header_signs_in_hexadecimal_or_base64() {
    for encoding in ["hex", "base64"] {
        let signature =
            json!({"kind": "hmac", "header": "X-Demo-Signature", "encoding": encoding, "prefix": "sha256="});
        let place = Place::with(signature, Some(GIVEN)).await;
        assert_eq!(place.secret, None, "what was given is not shown");
        let mut mac = Hmac::<Sha256>::new_from_slice(GIVEN.as_bytes()).unwrap();
        mac.update(MESSAGE.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let written = if encoding == "hex" { hex::encode(bytes) } else { STANDARD.encode(bytes) };
        let signed = |body: &str, signature: &str| place.send(body).header("x-demo-signature", signature);
        let first = id_of(signed(MESSAGE, &format!("sha256={written}")).await);
        assert_eq!(first, id_of(signed(MESSAGE, &format!("sha256={written}")).await));
        signed(MESSAGE, &written).problem(ErrorCode::BadSignature).await;
        signed("{}", &format!("sha256={written}")).problem(ErrorCode::BadSignature).await;
        signed(MESSAGE, "sha256=").problem(ErrorCode::BadSignature).await;
        assert_eq!(place.told().await, 1);
    }
}

#[tokio::test]
async fn a_bearer_shows_the_secret_itself() {
    let place = Place::with(json!({"kind": "bearer"}), Some(GIVEN)).await;
    id_of(place.send(MESSAGE).token(GIVEN).await);
    place.send(MESSAGE).token("another secret, as long").problem(ErrorCode::BadSignature).await;
    place.send(MESSAGE).problem(ErrorCode::BadSignature).await;
    // Somebody signed in is not the source.
    place.send(MESSAGE).by(&place.owner).problem(ErrorCode::BadSignature).await;
    // A new secret takes the place of the old one.
    let path = [&*place.source.id.to_string()];
    let change = wish(json!({"kind": "bearer"}), Some("the secret that comes after it"));
    let _: InboundSource =
        place.app.to(UPDATE_INBOUND_SOURCE, &path).by(&place.owner).json(&change).ok().await;
    place.send(MESSAGE).token(GIVEN).problem(ErrorCode::BadSignature).await;
    id_of(place.send(MESSAGE).token("the secret that comes after it").await);
    assert_eq!(place.told().await, 1);
}

#[tokio::test]
async fn a_message_is_taken_in_again() {
    let place = Place::with(standard(), None).await;
    let id = id_of(place.signed("msg_1", MESSAGE).await).to_string();
    let replay = || place.app.to(REPLAY_INBOUND_EVENT, &[&id]).by(&place.owner);
    let again: InboundEvent = replay().key("once").ok().await;
    let twice: InboundEvent = replay().key("once").ok().await;
    assert_eq!((again.replays, twice.replays), (1, 1));
    assert_eq!(place.told().await, 2);
}

#[tokio::test]
async fn what_the_log_has_forgotten_is_still_not_taken_twice() {
    let place = Place::with(json!({"kind": "bearer"}), Some(GIVEN)).await;
    let call = || place.send(MESSAGE).header("authorization", &format!("Bearer {GIVEN}"));
    let first: InboundReceipt = call().await.expect(202).json();
    let later = place.app.clock.now() + TimeDelta::days(1);
    let forgotten =
        place.app.context().db.write(async |tx| Letters.retain(tx, "webhooks", later).await).await;
    assert_eq!(forgotten.expect("the log forgets"), Some(1));
    assert!(place.events("").await.is_empty());

    let again: InboundReceipt = call().await.expect(202).json();
    assert_eq!(again.id, first.id);
    assert!(place.events("").await.is_empty(), "it was not taken in");
    assert_eq!(place.told().await, 1);
}

#[tokio::test]
async fn sources_are_set_up_changed_and_removed() {
    let place = Place::with(standard(), None).await;
    let (app, owner) = (&place.app, &place.owner);
    assert!(place.source.url.ends_with(&format!("/api/v1/inbound/{}", place.source.id)));
    let listed = app.to(LIST_INBOUND_SOURCES, &[]).by(owner).await.expect(200);
    assert!(!listed.text().contains("whsec_"));
    let listed: Page<InboundSource> = listed.json();
    assert_eq!(listed.items, std::slice::from_ref(&place.source));
    let refused = async |change: &dyn Fn(&mut Value), field: &str| {
        let mut wish = wish(standard(), None);
        change(&mut wish);
        let problem = app.to(CREATE_INBOUND_SOURCE, &[]).by(owner).json(&wish);
        let problem = problem.problem(ErrorCode::InvalidFields).await;
        assert_eq!(problem.fields[0].field, field);
    };
    refused(&|wish| wish["name"] = json!(" "), "name").await;
    refused(&|wish| wish["mapping"]["subject"] = json!("data.order"), "mapping.subject").await;
    refused(&|wish| wish["secret"] = json!("whsec_dG9vIHNob3J0"), "secret").await;
    let hmac = json!({"kind": "hmac", "header": "not a header", "encoding": "hex"});
    refused(&|wish| wish["signature"] = hmac.clone(), "signature.header").await;

    let path = [&*place.source.id.to_string()];
    id_of(place.signed("msg_1", MESSAGE).await);
    app.to(DELETE_INBOUND_SOURCE, &path).by(owner).no_content().await;
    app.to(DELETE_INBOUND_SOURCE, &path).by(owner).problem(ErrorCode::NotFound).await;
    let left: Page<InboundEvent> = app.to(LIST_INBOUND_EVENTS, &[]).by(owner).ok().await;
    assert!(left.items.is_empty());
    place.told().await;
}
