//! `/password-resets` and `/me/password`.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::{Me, Session};
use serde_json::json;
use testkit::{Call, TestApp};

use crate::{PASSWORD, ask, letters, only_letter, sign_up, start, token};

const FAN: &str = "fan@demo.ringside.example";
const NEW: &str = "uppercut-before-the-bell-rings";

async fn ask_reset(app: &TestApp, email: &str) {
    let answer = app.post("/password-resets").json(&json!({"email": email})).await.expect(202);
    assert_eq!(answer.text(), "");
}

async fn link(app: &TestApp) -> String {
    ask_reset(app, FAN).await;
    token(&only_letter(app, FAN, "reset_password").await)
}

fn redeem(app: &TestApp, token: &str, password: &str) -> Call {
    app.post("/password-resets/redeem").json(&json!({"token": token, "password": password}))
}

fn sign_in(app: &TestApp, password: &str) -> Call {
    app.post("/sessions").json(&json!({"email": FAN, "password": password, "token_in_body": true}))
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_letter_and_everybody_is_signed_out() {
    let app = start().await;
    let session = sign_up(&app, FAN).await;
    let token = link(&app).await;

    let weak = redeem(&app, &token, "password1").problem(ErrorCode::WeakPassword).await;
    assert_eq!(weak.fields[0].field, "password");
    redeem(&app, &token, NEW).no_content().await;
    only_letter(&app, FAN, "password_changed").await;

    app.get("/me").token(&session.access_token).problem(ErrorCode::NotSignedIn).await;
    sign_in(&app, PASSWORD).problem(ErrorCode::WrongCredentials).await;
    let _: Session = sign_in(&app, NEW).created().await;
    redeem(&app, &token, PASSWORD).problem(ErrorCode::LinkSpent).await;
}

#[tokio::test]
async fn a_link_is_good_for_an_hour_and_only_the_newest() {
    let app = start().await;
    sign_up(&app, FAN).await;
    let first = link(&app).await;
    ask_reset(&app, FAN).await;
    assert!(letters(&app).await.is_empty(), "the first letter was a moment ago");
    app.advance(TimeDelta::minutes(1));
    let second = link(&app).await;
    redeem(&app, &first, NEW).problem(ErrorCode::LinkSpent).await;
    app.advance(TimeDelta::hours(1));
    redeem(&app, &second, NEW).problem(ErrorCode::LinkSpent).await;
}

#[tokio::test]
async fn of_two_who_follow_a_link_at_once_one_sets_the_password() {
    let app = start().await;
    sign_up(&app, FAN).await;
    let token = link(&app).await;
    let (one, other) = tokio::join!(redeem(&app, &token, NEW).send(), redeem(&app, &token, PASSWORD).send());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 410]);
    only_letter(&app, FAN, "password_changed").await;
}

#[tokio::test]
async fn an_address_without_an_account_is_answered_alike_and_gets_no_letter() {
    let app = start().await;
    ask_reset(&app, "nobody@demo.ringside.example").await;
    assert!(letters(&app).await.is_empty());
}

#[tokio::test]
async fn who_follows_the_link_has_proved_the_address() {
    let app = start().await;
    ask(&app, FAN).await;
    let proof = token(&only_letter(&app, FAN, "verify_address").await);
    let token = link(&app).await;
    redeem(&app, &token, NEW).no_content().await;
    only_letter(&app, FAN, "password_changed").await;
    let _: Session = sign_in(&app, NEW).created().await;
    // The older proof would bring the older password back.
    app.post("/people/verify").json(&json!({"token": proof})).problem(ErrorCode::LinkSpent).await;
}

#[tokio::test]
async fn a_verify_link_resets_no_password_and_a_reset_link_verifies_nothing() {
    let app = start().await;
    ask(&app, FAN).await;
    let proof = token(&only_letter(&app, FAN, "verify_address").await);
    redeem(&app, &proof, NEW).problem(ErrorCode::LinkSpent).await;
    let reset = link(&app).await;
    app.post("/people/verify").json(&json!({"token": reset})).problem(ErrorCode::LinkSpent).await;
}

#[tokio::test]
async fn whoever_is_signed_in_changes_the_password_by_the_old_one() {
    let app = start().await;
    let here = sign_up(&app, FAN).await;
    let elsewhere: Session = sign_in(&app, PASSWORD).created().await;
    let change = |old: &str, new: &str| {
        let wish = json!({"old_password": old, "password": new});
        app.post("/me/password").token(&here.access_token).json(&wish)
    };
    let wrong = change("not-the-old-one", NEW).problem(ErrorCode::InvalidFields).await;
    assert_eq!(
        (wrong.fields[0].field.as_str(), wrong.fields[0].code.as_str()),
        ("old_password", "wrong_password")
    );
    let weak = change(PASSWORD, "abcdefgh").problem(ErrorCode::WeakPassword).await;
    assert!(weak.fields[0].code.starts_with("password_"), "{:?}", weak.fields);

    change(PASSWORD, NEW).no_content().await;
    only_letter(&app, FAN, "password_changed").await;
    let _: Me = app.get("/me").token(&here.access_token).ok().await;
    app.get("/me").token(&elsewhere.access_token).problem(ErrorCode::NotSignedIn).await;
    let _: Session = sign_in(&app, NEW).created().await;
}
