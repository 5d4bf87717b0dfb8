//! Passkeys: adding them, and signing in with them.

use contract::ErrorCode;
use contract::accounts::Session;
use contract::factors::{
    Factors, Method, Passkey, PasskeyEnrolment, PasskeyOptions, PasskeySignIn, SecondFactorNeeded,
};
use domain::{AccountLetter, FactorChange};
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::authenticator::Authenticator;
use crate::factors::EMAIL;
use crate::post::letters_to;
use crate::{PASSWORD, setup, sign_up};

const ORIGIN: &str = "https://ringside.example";

async fn start() -> TestApp {
    setup().config(|config| config.public_url = Some(ORIGIN.into())).start().await
}

async fn begin_adding(app: &TestApp, by: &Session) -> PasskeyEnrolment {
    app.post("/me/factors/passkeys/start").token(&by.access_token).created().await
}

fn add(app: &TestApp, by: &Session, begun: &PasskeyEnrolment, credential: &Value) -> Call {
    let wish = json!({"enrolment": begun.enrolment, "name": " Work laptop ", "credential": credential});
    app.post("/me/factors/passkeys").token(&by.access_token).json(&wish)
}

/// Adds a passkey on a new device.
async fn with_passkey(app: &TestApp, by: &Session) -> (Authenticator, Passkey) {
    let mut device = Authenticator::on(ORIGIN);
    let begun = begin_adding(app, by).await;
    let passkey = add(app, by, &begun, &device.register(&begun.options)).created().await;
    letters_to(app, &by.me.email).await;
    (device, passkey)
}

async fn begin_sign_in(app: &TestApp) -> PasskeySignIn {
    app.post("/sessions/passkey").created().await
}

fn answer(app: &TestApp, id: uuid::Uuid, secret: &str, credential: &Value) -> Call {
    let proof = json!({"method": "passkey", "credential": credential});
    let body = json!({"secret": secret, "proof": proof, "token_in_body": true});
    app.post(&format!("/sessions/challenges/{id}")).json(&body)
}

fn finish(app: &TestApp, begun: &PasskeySignIn, credential: &Value) -> Call {
    answer(app, begun.challenge.id, &begun.challenge.secret, credential)
}

#[tokio::test]
async fn a_passkey_signs_in_alone() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut device, passkey) = with_passkey(&app, &fan).await;
    assert_eq!((passkey.name.as_str(), passkey.last_used_at), ("Work laptop", None));

    let begun = begin_sign_in(&app).await;
    assert_eq!(begun.options["rpId"], "ringside.example");
    let session: Session = finish(&app, &begun, &device.sign(&begun.options)).created().await;
    assert_eq!(session.me.id, fan.me.id);
    let factors: Factors = app.get("/me/factors").token(&session.access_token).ok().await;
    assert_eq!(factors.passkeys[0].last_used_at, Some(app.clock.now()));
    assert_eq!(factors.passkey_origin.as_deref(), Some(ORIGIN));
}

#[tokio::test]
async fn a_passkey_is_the_second_factor_of_a_password() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut device, _) = with_passkey(&app, &fan).await;
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    let needed: SecondFactorNeeded = app.post("/sessions").json(&credentials).await.expect(202).json();
    assert_eq!(needed.methods, [Method::Passkey, Method::MailCode]);

    let about = json!({"secret": needed.challenge.secret});
    let path = format!("/sessions/challenges/{}/passkey", needed.challenge.id);
    let asked: PasskeyOptions = app.post(&path).json(&about).ok().await;
    assert_eq!(asked.options["allowCredentials"].as_array().map(Vec::len), Some(1));
    let signed = device.sign(&asked.options);
    let _: Session = answer(&app, needed.challenge.id, &needed.challenge.secret, &signed).created().await;
}

#[tokio::test]
async fn a_page_of_another_origin_gets_nothing() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (device, _) = with_passkey(&app, &fan).await;
    let begun = begin_sign_in(&app).await;
    for elsewhere in ["https://ringside.example.evil.test", "https://evil.test", "http://ringside.example"] {
        let lured = device.lured_to(elsewhere).sign(&begun.options);
        finish(&app, &begun, &lured).problem(ErrorCode::WrongProof).await;
    }
    let enrolment = begin_adding(&app, &fan).await;
    let made = Authenticator::on("https://evil.test").register(&enrolment.options);
    add(&app, &fan, &enrolment, &made).problem(ErrorCode::WrongProof).await;
}

#[tokio::test]
async fn an_answer_is_good_once_and_for_its_own_question() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut device, _) = with_passkey(&app, &fan).await;
    let begun = begin_sign_in(&app).await;
    let signed = device.sign(&begun.options);
    let _: Session = finish(&app, &begun, &signed).created().await;
    finish(&app, &begun, &signed).problem(ErrorCode::ChallengeOver).await;
    let next = begin_sign_in(&app).await;
    finish(&app, &next, &signed).problem(ErrorCode::WrongProof).await;
}

#[tokio::test]
async fn a_counter_that_goes_back_betrays_a_copy() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut device, _) = with_passkey(&app, &fan).await;
    let mut copy = device.clone();
    for _ in 0..3 {
        let begun = begin_sign_in(&app).await;
        let _: Session = finish(&app, &begun, &device.sign(&begun.options)).created().await;
    }
    let begun = begin_sign_in(&app).await;
    finish(&app, &begun, &copy.sign(&begun.options)).problem(ErrorCode::WrongProof).await;
    let _: Session = finish(&app, &begun, &device.sign(&begun.options)).created().await;
}

#[tokio::test]
async fn two_copies_that_count_alike_do_not_both_get_in() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut device, _) = with_passkey(&app, &fan).await;
    let mut copy = device.clone();
    let (one, other) = (begin_sign_in(&app).await, begin_sign_in(&app).await);
    let (first, second) = (device.sign(&one.options), copy.sign(&other.options));
    let (first, second) =
        tokio::join!(finish(&app, &one, &first).send(), finish(&app, &other, &second).send());
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
}

#[tokio::test]
async fn somebody_elses_passkey_does_not_answer() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let thief = sign_up(&app, "thief@demo.ringside.example").await;
    let (_own, _) = with_passkey(&app, &fan).await;
    let (mut device, passkey) = with_passkey(&app, &thief).await;
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    let needed: SecondFactorNeeded = app.post("/sessions").json(&credentials).await.expect(202).json();
    let path = format!("/sessions/challenges/{}/passkey", needed.challenge.id);
    let asked: PasskeyOptions = app.post(&path).json(&json!({"secret": needed.challenge.secret})).ok().await;
    let signed = device.sign(&asked.options);
    answer(&app, needed.challenge.id, &needed.challenge.secret, &signed).problem(ErrorCode::WrongProof).await;

    // Nor does one's own that claims to be somebody else's,
    let begun = begin_sign_in(&app).await;
    let mut claims = device.sign(&begun.options);
    let (mut other, _) = with_passkey(&app, &fan).await;
    claims["response"]["userHandle"] = other.sign(&begun.options)["response"]["userHandle"].clone();
    finish(&app, &begun, &claims).problem(ErrorCode::WrongProof).await;

    // and nobody looks after somebody else's.
    let path = format!("/me/factors/passkeys/{}", passkey.id);
    app.delete(&path).token(&fan.access_token).problem(ErrorCode::NotFound).await;
    app.patch(&path)
        .token(&fan.access_token)
        .json(&json!({"name": "Mine"}))
        .problem(ErrorCode::NotFound)
        .await;
}

#[tokio::test]
async fn a_device_that_did_not_check_who_holds_it_is_not_enough() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut device, _) = with_passkey(&app, &fan).await;
    let begun = begin_sign_in(&app).await;
    let unverified = device.sign_unverified(&begun.options);
    finish(&app, &begun, &unverified).problem(ErrorCode::WrongProof).await;
}

#[tokio::test]
async fn an_enrolment_belongs_to_its_session_and_makes_one_key() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let thief = sign_up(&app, "thief@demo.ringside.example").await;
    let begun = begin_adding(&app, &fan).await;
    let made = Authenticator::on(ORIGIN).register(&begun.options);
    add(&app, &thief, &begun, &made).problem(ErrorCode::ChallengeOver).await;
    let _: Passkey = add(&app, &fan, &begun, &made).created().await;
    add(&app, &fan, &begun, &made).problem(ErrorCode::PasskeyKnown).await;
    let other = Authenticator::on(ORIGIN).register(&begun.options);
    add(&app, &fan, &begun, &other).problem(ErrorCode::ChallengeOver).await;
    // A key made for the enrolment before:
    let begun = begin_adding(&app, &thief).await;
    add(&app, &thief, &begun, &other).problem(ErrorCode::WrongProof).await;
    add(&app, &thief, &begun, &json!({"id": 7})).problem(ErrorCode::InvalidFields).await;
    letters_to(&app, EMAIL).await;
}

#[tokio::test]
async fn a_key_is_added_once() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut device, _) = with_passkey(&app, &fan).await;
    let begun = begin_adding(&app, &fan).await;
    assert_eq!(begun.options["excludeCredentials"].as_array().map(Vec::len), Some(1));
    add(&app, &fan, &begun, &device.register(&begun.options)).problem(ErrorCode::PasskeyKnown).await;
    let other = sign_up(&app, "other@demo.ringside.example").await;
    let begun = begin_adding(&app, &other).await;
    add(&app, &other, &begun, &device.register(&begun.options)).problem(ErrorCode::PasskeyKnown).await;
}

#[tokio::test]
async fn several_are_named_renamed_and_removed() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (mut first, passkey) = with_passkey(&app, &fan).await;
    with_passkey(&app, &fan).await;
    let path = format!("/me/factors/passkeys/{}", passkey.id);
    let renamed: Passkey =
        app.patch(&path).token(&fan.access_token).json(&json!({"name": "Phone"})).ok().await;
    assert_eq!(renamed.name, "Phone");
    app.patch(&path)
        .token(&fan.access_token)
        .json(&json!({"name": ""}))
        .problem(ErrorCode::InvalidFields)
        .await;

    app.delete(&path).token(&fan.access_token).no_content().await;
    let letters = letters_to(&app, EMAIL).await;
    assert!(
        matches!(letters[..], [AccountLetter::FactorChanged { change: FactorChange::PasskeyRemoved, .. }]),
        "{letters:?}"
    );
    let begun = begin_sign_in(&app).await;
    finish(&app, &begun, &first.sign(&begun.options)).problem(ErrorCode::WrongProof).await;
    let left: Factors = app.get("/me/factors").token(&fan.access_token).ok().await;
    assert_eq!(left.passkeys.len(), 1);
}

#[tokio::test]
async fn a_code_does_not_answer_where_a_passkey_should_say_who_it_is() {
    let app = start().await;
    let begun = begin_sign_in(&app).await;
    for proof in
        [json!({"method": "totp", "code": "123456"}), json!({"method": "password", "password": PASSWORD})]
    {
        let body = json!({"secret": begun.challenge.secret, "proof": proof});
        let path = format!("/sessions/challenges/{}", begun.challenge.id);
        app.post(&path).json(&body).problem(ErrorCode::WrongProof).await;
    }
    let path = format!("/sessions/challenges/{}/code", begun.challenge.id);
    let about = json!({"secret": begun.challenge.secret});
    app.post(&path).json(&about).problem(ErrorCode::FactorUnavailable).await;
}

#[tokio::test]
async fn an_installation_without_a_name_has_no_passkeys() {
    let app = setup().config(|config| config.public_url = Some("http://192.0.2.7".into())).start().await;
    app.post("/sessions/passkey").problem(ErrorCode::FactorUnavailable).await;
    let fan = sign_up(&app, EMAIL).await;
    app.post("/me/factors/passkeys/start")
        .token(&fan.access_token)
        .problem(ErrorCode::FactorUnavailable)
        .await;
}
