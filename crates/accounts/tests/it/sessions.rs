//! `/sessions`.

use chrono::TimeDelta;
use contract::accounts::{Me, Session};
use contract::factors::SecondFactorNeeded;
use contract::people::Device;
use contract::{ErrorCode, Page};
use domain::AccountLetter;
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::post::code_to;
use crate::{PASSWORD, cookie, letters, only_letter, sign_up, start};

const EMAIL: &str = "fan@demo.ringside.example";
const REFRESH: &str = "ringside_refresh=";

fn credentials() -> Value {
    json!({"email": EMAIL, "password": PASSWORD, "token_in_body": true})
}

async fn sign_in(app: &TestApp) -> Session {
    app.post("/sessions").json(&credentials()).created().await
}

fn refresh(app: &TestApp, session: &Session) -> Call {
    app.post("/sessions/refresh").json(&json!({"refresh_token": session.refresh_token}))
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
    // However often it comes back, the owner hears of it once.
    only_letter(&app, EMAIL, "session_stolen").await;
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
    only_letter(&app, EMAIL, "session_stolen").await;
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
    let by_cookie =
        || app.post("/sessions/refresh").header("Cookie", &cookie(&signed_in, REFRESH)).json(&json!({}));

    let refreshed = by_cookie().await.expect(200);
    assert_ne!(cookie(&refreshed, REFRESH), cookie(&signed_in, REFRESH));
    assert_eq!(refreshed.json::<Session>().refresh_token, None);

    // Another tab had sent the same cookie, or the page was left before the answer came.
    app.advance(TimeDelta::seconds(9));
    let _ = by_cookie().await.expect(200);
    // Later it is a copy; and forgiving did not prolong itself.
    app.advance(TimeDelta::seconds(2));
    by_cookie().problem(ErrorCode::SessionEnded).await;
    let next = app.post("/sessions/refresh").header("Cookie", &cookie(&refreshed, REFRESH)).json(&json!({}));
    next.problem(ErrorCode::SessionEnded).await;
    only_letter(&app, EMAIL, "session_stolen").await;
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

fn from(app: &TestApp, agent: &str, ip: &str) -> Call {
    app.post("/sessions").header("User-Agent", agent).header("X-Forwarded-For", ip).json(&credentials())
}

const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0 Safari/537.36";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1";

async fn behind_a_proxy() -> TestApp {
    let app = crate::setup()
        .config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()])
        .start()
        .await;
    sign_up(&app, EMAIL).await;
    app
}

/// Signs in from there, by a mailed code when one is asked for.
async fn let_in(app: &TestApp, agent: &str, ip: &str) -> Session {
    let answer = from(app, agent, ip).await;
    if answer.status == 201 {
        return answer.json();
    }
    let SecondFactorNeeded { challenge, .. } = answer.expect(202).json();
    let here = |call: Call| call.header("User-Agent", agent).header("X-Forwarded-For", ip);
    let path = format!("/sessions/challenges/{}", challenge.id);
    here(app.post(&format!("{path}/code")).json(&json!({"secret": challenge.secret}))).no_content().await;
    let proof = json!({"method": "mail_code", "code": code_to(app, EMAIL).await});
    let proof = json!({"secret": challenge.secret, "proof": proof, "token_in_body": true});
    here(app.post(&path).json(&proof)).created().await
}

#[tokio::test]
async fn sessions_are_listed_as_devices_and_end_one_by_one() {
    let app = behind_a_proxy().await;
    app.advance(TimeDelta::minutes(1));
    let desk: Session = let_in(&app, WINDOWS, "203.0.113.7").await;
    app.advance(TimeDelta::minutes(1));
    let phone: Session = let_in(&app, PHONE, "2001:db8::7").await;
    let _ = letters(&app).await;

    let list = async |session: &Session| {
        app.get("/sessions").token(&session.access_token).ok::<Page<Device>>().await.items
    };
    let devices = list(&desk).await;
    let seen: Vec<_> = devices
        .iter()
        .map(|device| (device.device.as_str(), device.ip.as_deref().unwrap_or(""), device.current))
        .collect();
    let expected = [
        ("Safari on iPhone", "2001:db8::7", false),
        ("Chrome on Windows", "203.0.113.7", true),
        ("", "127.0.0.1", false),
    ];
    assert_eq!(seen, expected);

    let end = |id: String| app.delete(&format!("/sessions/{id}")).token(&desk.access_token);
    end(devices[0].id.to_string()).no_content().await;
    app.get("/me").token(&phone.access_token).problem(ErrorCode::NotSignedIn).await;
    end(devices[0].id.to_string()).problem(ErrorCode::NotFound).await;
    assert_eq!(list(&desk).await.len(), 2);
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let app = start().await;
    let owner = sign_up(&app, EMAIL).await;
    let other = sign_up(&app, "other@demo.ringside.example").await;
    let theirs: Page<Device> = app.get("/sessions").token(&owner.access_token).ok().await;
    let path = format!("/sessions/{}", theirs.items[0].id);
    app.delete(&path).token(&other.access_token).problem(ErrorCode::NotFound).await;
    app.delete("/sessions").token(&other.access_token).no_content().await;
    let _: Me = app.get("/me").token(&owner.access_token).ok().await;
}

#[tokio::test]
async fn signing_out_everywhere_keeps_this_device_when_asked() {
    let app = start().await;
    let first = sign_up(&app, EMAIL).await;
    let (second, third) = (sign_in(&app).await, sign_in(&app).await);
    let out = |query: &str| app.delete(&format!("/sessions{query}")).token(&second.access_token);

    out("?keep_current=true").no_content().await;
    for gone in [&first, &third] {
        app.get("/me").token(&gone.access_token).problem(ErrorCode::NotSignedIn).await;
    }
    let _: Me = app.get("/me").token(&second.access_token).ok().await;

    out("").no_content().await;
    app.get("/me").token(&second.access_token).problem(ErrorCode::NotSignedIn).await;
}

#[tokio::test]
async fn the_owner_hears_of_a_device_or_a_network_not_seen_before() {
    let app = behind_a_proxy().await;
    let _: Session = let_in(&app, WINDOWS, "203.0.113.7").await;
    let AccountLetter::NewSignIn { device, ip, at, .. } = only_letter(&app, EMAIL, "new_sign_in").await
    else {
        panic!("another letter")
    };
    assert_eq!((device.as_str(), ip.as_str()), ("Chrome on Windows", "203.0.113.7"));
    assert_eq!(at, "2026-11-20 12:00 UTC");

    // The same again, from next door in the same network: nothing new.
    let _: Session = let_in(&app, WINDOWS, "203.0.113.200").await;
    assert!(letters(&app).await.is_empty());
    let _: Session = let_in(&app, PHONE, "203.0.113.7").await;
    only_letter(&app, EMAIL, "new_sign_in").await;
    let _: Session = let_in(&app, WINDOWS, "198.51.100.1").await;
    only_letter(&app, EMAIL, "new_sign_in").await;
}
