//! Guesses at passwords, with time turned by hand.

use chrono::TimeDelta;
use contract::ErrorCode;
use serde_json::json;
use testkit::{Call, TestApp};

use crate::{PASSWORD, cookie, letters, only_letter, setup, sign_up};

const FAN: &str = "fan@demo.ringside.example";
const NOBODY: &str = "nobody@demo.ringside.example";

async fn limited() -> TestApp {
    let app = setup()
        .config(|config| {
            config.rate_limits = true;
            config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        })
        .start()
        .await;
    sign_up(&app, FAN).await;
    app
}

fn try_from(app: &TestApp, ip: &str, email: &str, password: &str) -> Call {
    let wish = json!({"email": email, "password": password, "token_in_body": true});
    app.post("/sessions").header("X-Forwarded-For", ip).json(&wish)
}

async fn wait_told(call: Call) -> u64 {
    let answer = call.await;
    let problem = answer.problem(ErrorCode::TooManyRequests);
    assert_eq!(answer.header("retry-after"), problem.more["retry_after"].to_string());
    problem.more["retry_after"].as_u64().expect("seconds")
}

#[tokio::test]
async fn the_wait_doubles_and_is_the_same_for_an_address_nobody_has() {
    let app = limited().await;
    for email in [FAN, NOBODY] {
        let guess = || try_from(&app, "203.0.113.7", email, "a-wrong-guess");
        for _ in 0..5 {
            guess().problem(ErrorCode::WrongCredentials).await;
        }
        let mut waits = Vec::new();
        for _ in 0..3 {
            let seconds = wait_told(guess()).await;
            waits.push(seconds);
            app.advance(TimeDelta::seconds(i64::try_from(seconds).unwrap()));
            guess().problem(ErrorCode::WrongCredentials).await;
        }
        assert_eq!(waits, [5, 10, 20], "{email}");
    }
    assert!(letters(&app).await.is_empty());
}

#[tokio::test]
async fn a_wait_is_a_quarter_of_an_hour_at_most_and_success_forgets_it() {
    let app = limited().await;
    let mut longest = 0;
    for _ in 0..16 {
        let answer = try_from(&app, "203.0.113.7", FAN, "a-wrong-guess").await;
        if answer.status == 429 {
            let seconds = answer.problem(ErrorCode::TooManyRequests).more["retry_after"].as_u64().unwrap();
            longest = longest.max(seconds);
            app.advance(TimeDelta::seconds(i64::try_from(seconds).unwrap()));
            try_from(&app, "203.0.113.7", FAN, "a-wrong-guess").problem(ErrorCode::WrongCredentials).await;
        }
    }
    assert_eq!(longest, 900);
    only_letter(&app, FAN, "many_failures").await;
    app.advance(TimeDelta::minutes(15));
    // After so many wrong guesses the right password is not enough: a code is asked for.
    let _ = try_from(&app, "203.0.113.7", FAN, PASSWORD).await.expect(202);
    for _ in 0..5 {
        try_from(&app, "203.0.113.7", FAN, "a-wrong-guess").problem(ErrorCode::WrongCredentials).await;
    }
}

#[tokio::test]
async fn many_at_once_count_one_by_one() {
    let app = limited().await;
    let all = (0..12).map(|_| try_from(&app, "203.0.113.7", FAN, "a-wrong-guess").send());
    let answers = futures_util::future::join_all(all).await;
    let let_in = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(let_in, 5);
}

#[tokio::test]
async fn a_try_that_is_a_moment_behind_the_one_before_does_not_wait() {
    let app = limited().await;
    try_from(&app, "203.0.113.7", FAN, "a-wrong-guess").problem(ErrorCode::WrongCredentials).await;
    app.advance(TimeDelta::milliseconds(-5));
    try_from(&app, "203.0.113.7", FAN, "a-wrong-guess").problem(ErrorCode::WrongCredentials).await;
}

#[tokio::test]
async fn whoever_guesses_from_everywhere_waits_and_the_owner_on_a_known_device_does_not() {
    let app = limited().await;
    // The first sign-in of all is asked for nothing more.
    app.execute("DELETE FROM known_devices; DELETE FROM refresh_tokens; DELETE FROM sessions").await;
    let signed_in = app
        .post("/sessions")
        .header("X-Forwarded-For", "198.51.100.1")
        .json(&json!({"email": FAN, "password": PASSWORD}))
        .await
        .expect(201);
    let _ = letters(&app).await;
    for guess in 0..20 {
        let ip = format!("203.0.{guess}.7");
        try_from(&app, &ip, FAN, "a-wrong-guess").problem(ErrorCode::WrongCredentials).await;
    }
    only_letter(&app, FAN, "many_failures").await;
    let stranger = || try_from(&app, "192.0.2.9", FAN, PASSWORD);
    stranger().problem(ErrorCode::TooManyRequests).await;

    // A cookie of another address, or one made up, is none.
    stranger().header("Cookie", "ringside_device=AAAA").problem(ErrorCode::TooManyRequests).await;
    let device = cookie(&signed_in, "ringside_device=");
    let other = || try_from(&app, "192.0.2.9", NOBODY, PASSWORD).header("Cookie", &device);
    for _ in 0..5 {
        other().problem(ErrorCode::WrongCredentials).await;
    }
    other().problem(ErrorCode::TooManyRequests).await;

    let owner = try_from(&app, "198.51.100.1", FAN, PASSWORD).header("Cookie", &device);
    let _ = owner.await.expect(202);
}
