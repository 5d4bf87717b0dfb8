//! `/confirmations`: proving once more who one is, before what matters most.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::{Member, Session};
use contract::factors::{Confirmation, Confirmed, Method};
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::factors::{EMAIL, code, with_totp};
use crate::post::{code_to, letters_to};
use crate::{PASSWORD, found, join, sign_up, start};

async fn begin(app: &TestApp, by: &Session) -> Confirmation {
    app.post("/confirmations").token(&by.access_token).created().await
}

fn prove(app: &TestApp, by: &Session, begun: &Confirmation, proof: &Value) -> Call {
    app.post(&format!("/confirmations/{}", begun.id)).token(&by.access_token).json(&json!({"proof": proof}))
}

fn password(password: &str) -> Value {
    json!({"method": "password", "password": password})
}

/// As if the session had begun an hour ago.
async fn grow_old(app: &TestApp) {
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '1 hour'").await;
}

#[tokio::test]
async fn roles_change_only_after_a_recent_proof() {
    let app = start().await;
    let owner = sign_up(&app, EMAIL).await;
    let org = found(&app, &owner, "demo").await.id;
    let viewer = join(&app, &owner, org, "viewer@demo.ringside.example", "viewer").await;
    let change = || {
        let path = format!("/members/{}", viewer.me.id);
        app.patch(&path).token(&owner.access_token).json(&json!({"role": "client"}))
    };
    grow_old(&app).await;
    change().problem(ErrorCode::ConfirmationNeeded).await;
    let path = format!("/members/{}", viewer.me.id);
    app.delete(&path).token(&owner.access_token).problem(ErrorCode::ConfirmationNeeded).await;
    let wish = json!({"email": "nobody@demo.ringside.example", "role": "viewer"});
    app.post("/invitations")
        .token(&owner.access_token)
        .json(&wish)
        .problem(ErrorCode::ConfirmationNeeded)
        .await;

    let begun = begin(&app, &owner).await;
    assert_eq!(begun.methods, [Method::Password, Method::MailCode]);
    let confirmed: Confirmed = prove(&app, &owner, &begun, &password(PASSWORD)).ok().await;
    assert_eq!(confirmed.until, app.clock.now() + TimeDelta::minutes(15));
    let _: Member = change().ok().await;

    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '901 seconds'").await;
    change().problem(ErrorCode::ConfirmationNeeded).await;
    assert_eq!(app.count("SELECT count(*) FROM audit_log WHERE action = 'session.confirmed'").await, 1);
}

#[tokio::test]
async fn every_way_to_prove_it_works_once() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, codes) = with_totp(&app, &fan).await;

    let begun = begin(&app, &fan).await;
    let methods = [Method::Password, Method::Totp, Method::MailCode, Method::RecoveryCode];
    assert_eq!(begun.methods, methods);
    let proof = json!({"method": "totp", "code": code(&app, &secret)});
    let _: Confirmed = prove(&app, &fan, &begun, &proof).ok().await;
    prove(&app, &fan, &begun, &password(PASSWORD)).problem(ErrorCode::ChallengeOver).await;

    let begun = begin(&app, &fan).await;
    prove(&app, &fan, &begun, &proof).problem(ErrorCode::WrongProof).await;
    let recovery = json!({"method": "recovery_code", "code": codes[0]});
    let _: Confirmed = prove(&app, &fan, &begun, &recovery).ok().await;

    let begun = begin(&app, &fan).await;
    app.post(&format!("/confirmations/{}/code", begun.id)).token(&fan.access_token).no_content().await;
    let proof = json!({"method": "mail_code", "code": code_to(&app, EMAIL).await});
    let _: Confirmed = prove(&app, &fan, &begun, &proof).ok().await;
}

#[tokio::test]
async fn a_confirmation_is_its_own_sessions_and_takes_five_tries() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let wish = json!({"email": EMAIL, "password": PASSWORD, "token_in_body": true});
    let elsewhere: Session = app.post("/sessions").json(&wish).created().await;
    let begun = begin(&app, &fan).await;
    prove(&app, &elsewhere, &begun, &password(PASSWORD)).problem(ErrorCode::ChallengeOver).await;
    let thief = sign_up(&app, "thief@demo.ringside.example").await;
    prove(&app, &thief, &begun, &password(PASSWORD)).problem(ErrorCode::ChallengeOver).await;

    for _ in 0..5 {
        prove(&app, &fan, &begun, &password("a-wrong-guess")).problem(ErrorCode::WrongProof).await;
    }
    prove(&app, &fan, &begun, &password(PASSWORD)).problem(ErrorCode::ChallengeOver).await;
    grow_old(&app).await;
    let begun = begin(&app, &elsewhere).await;
    let _: Confirmed = prove(&app, &elsewhere, &begun, &password(PASSWORD)).ok().await;
    // The other session was not confirmed by that.
    app.post("/me/factors/totp").token(&fan.access_token).problem(ErrorCode::ConfirmationNeeded).await;
    let _ = app.post("/me/factors/totp").token(&elsewhere.access_token).await.expect(201);
}

#[tokio::test]
async fn a_confirmation_does_not_answer_for_signing_in() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let begun = begin(&app, &fan).await;
    let body = json!({"secret": "", "proof": password(PASSWORD)});
    app.post(&format!("/sessions/challenges/{}", begun.id))
        .json(&body)
        .problem(ErrorCode::ChallengeOver)
        .await;
    letters_to(&app, EMAIL).await;
}
