//! `/sessions`.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::{Me, Session};
use serde_json::{Value, json};
use testkit::{Answer, Call, TestApp};

use crate::{PASSWORD, setup, sign_up, start};

const EMAIL: &str = "fan@demo.ringside.example";

fn credentials() -> Value {
    json!({"email": EMAIL, "password": PASSWORD, "token_in_body": true})
}

async fn sign_in(app: &TestApp) -> Session {
    app.post("/sessions").json(&credentials()).created().await
}

fn refresh(app: &TestApp, session: &Session) -> Call {
    app.post("/sessions/refresh").json(&json!({"refresh_token": session.refresh_token}))
}

/// What a browser would send back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let wrong = json!({"email": EMAIL, "password": "another-password"});
    let unknown = json!({"email": "nobody@demo.ringside.example", "password": PASSWORD});
    let mut wrong = app.post("/sessions").json(&wrong).problem(ErrorCode::WrongCredentials).await;
    let unknown = app.post("/sessions").json(&unknown).problem(ErrorCode::WrongCredentials).await;
    wrong.request_id.clone_from(&unknown.request_id);
    assert_eq!(wrong, unknown);
}

#[tokio::test]
async fn an_address_is_recognised_however_it_is_typed() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let typed = json!({"email": " FAN@demo.ringside.EXAMPLE ", "password": PASSWORD});
    let _: Session = app.post("/sessions").json(&typed).created().await;
}

#[tokio::test]
async fn an_access_token_ends_and_the_session_goes_on() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let session = sign_in(&app).await;

    app.advance(TimeDelta::minutes(10));
    app.get("/me").token(&session.access_token).problem(ErrorCode::TokenExpired).await;

    let next: Session = refresh(&app, &session).ok().await;
    let _: Me = app.get("/me").token(&next.access_token).ok().await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_for_thirty_days() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let session = sign_in(&app).await;

    app.advance(TimeDelta::days(29));
    let next: Session = refresh(&app, &session).ok().await;
    app.advance(TimeDelta::days(30));
    refresh(&app, &next).problem(ErrorCode::SessionEnded).await;
}

#[tokio::test]
async fn a_spent_refresh_token_ends_the_session_for_thief_and_owner() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let stolen = sign_in(&app).await;
    let other_device = sign_in(&app).await;
    let owner: Session = refresh(&app, &stolen).ok().await;

    refresh(&app, &stolen).problem(ErrorCode::SessionEnded).await;

    refresh(&app, &owner).problem(ErrorCode::SessionEnded).await;
    app.get("/me").token(&owner.access_token).problem(ErrorCode::NotSignedIn).await;
    let _: Me = app.get("/me").token(&other_device.access_token).ok().await;
}

#[tokio::test]
async fn of_many_who_use_a_refresh_token_at_once_one_goes_on_and_not_for_long() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let session = sign_in(&app).await;

    let answers = futures_util::future::join_all((0..8).map(|_| refresh(&app, &session).send())).await;

    let went_on: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert!(went_on.len() <= 1, "a refresh token was good for two uses");
    // The others look like theft: nobody stays signed in.
    for answer in went_on {
        refresh(&app, &answer.json()).problem(ErrorCode::SessionEnded).await;
    }
}

#[tokio::test]
async fn a_refresh_token_that_was_never_given_out_is_refused() {
    let app = start().await;
    let made_up = json!({"refresh_token": "made-up"});
    app.post("/sessions/refresh").json(&made_up).problem(ErrorCode::SessionEnded).await;
    app.post("/sessions/refresh").json(&json!({})).problem(ErrorCode::SessionEnded).await;
}

#[tokio::test]
async fn a_browser_refreshes_by_its_cookie() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let signed_in =
        app.post("/sessions").json(&json!({"email": EMAIL, "password": PASSWORD})).await.expect(201);
    let by_cookie = || app.post("/sessions/refresh").header("Cookie", &cookie(&signed_in)).json(&json!({}));

    let refreshed = by_cookie().await.expect(200);
    assert_ne!(cookie(&refreshed), cookie(&signed_in));
    assert_eq!(refreshed.json::<Session>().refresh_token, None);

    // Another tab had sent the same cookie, or the page was left before the answer came.
    app.advance(TimeDelta::seconds(9));
    let _ = by_cookie().await.expect(200);
    // Later it is a copy; and forgiving did not prolong itself.
    app.advance(TimeDelta::seconds(2));
    by_cookie().problem(ErrorCode::SessionEnded).await;
    let next = app.post("/sessions/refresh").header("Cookie", &cookie(&refreshed)).json(&json!({}));
    next.problem(ErrorCode::SessionEnded).await;
}

#[tokio::test]
async fn signing_out_ends_all_tokens_of_the_session() {
    let app = start().await;
    sign_up(&app, EMAIL).await;
    let session = sign_in(&app).await;

    let out = app.delete("/sessions/current").token(&session.access_token).await.expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));

    app.get("/me").token(&session.access_token).problem(ErrorCode::NotSignedIn).await;
    refresh(&app, &session).problem(ErrorCode::SessionEnded).await;
}

#[tokio::test]
async fn a_token_from_elsewhere_is_refused_even_where_nobody_need_sign_in() {
    let app = start().await;
    app.get("/me").token("e30.e30.e30").problem(ErrorCode::NotSignedIn).await;
    app.post("/sessions").token("e30.e30.e30").json(&credentials()).problem(ErrorCode::NotSignedIn).await;
}

#[tokio::test]
async fn guessing_is_slowed_and_others_still_sign_in() {
    let app = setup().config(|config| config.rate_limits = true).start().await;
    sign_up(&app, EMAIL).await;
    sign_up(&app, "other@demo.ringside.example").await;
    let guess = || app.post("/sessions").json(&json!({"email": EMAIL, "password": "a-wrong-guess"}));
    for _ in 0..10 {
        guess().problem(ErrorCode::WrongCredentials).await;
    }
    let stopped = guess().await;
    stopped.problem(ErrorCode::TooManyRequests);
    assert!(!stopped.header("retry-after").is_empty());
    let other = json!({"email": "other@demo.ringside.example", "password": PASSWORD});
    let _: Session = app.post("/sessions").json(&other).created().await;
}

#[tokio::test]
async fn sessions_long_over_are_forgotten_and_others_kept() {
    let app = start().await;
    sign_up(&app, EMAIL).await; // ends in 30 days
    let signed_out = sign_in(&app).await;
    app.delete("/sessions/current").token(&signed_out.access_token).no_content().await;
    let sessions = async || app.count("SELECT count(*) FROM sessions").await;

    app.advance(TimeDelta::days(29));
    app.run_timer("forget_sessions").await;
    assert_eq!(sessions().await, 2);

    app.advance(TimeDelta::days(2));
    app.run_timer("forget_sessions").await;
    assert_eq!(sessions().await, 1);
    assert_eq!(app.count("SELECT count(*) FROM refresh_tokens").await, 1);
}
