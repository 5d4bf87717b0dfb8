//! Too many requests, whose they are, and a Redis that comes and goes.

use contract::ErrorCode;
use serde_json::json;
use testkit::{Answer, Setup, TestApp};

use crate::desk::{prepare, setup};

const MOST: u32 = 20;

/// Few writes a minute, and the test's own client is a proxy.
fn limited() -> Setup {
    setup().config(|config| {
        config.rate_limits = true;
        config.limit_public_write = MOST;
        config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    })
}

async fn write(app: &TestApp, from: &str) -> Answer {
    app.post("/notes").header("X-Forwarded-For", from).json(&json!({})).await
}

/// How many writes pass; all answers carry the fields.
async fn exhaust(app: &TestApp, from: &str) -> u32 {
    for count in 0..=MOST + 1 {
        let answer = write(app, from).await;
        assert_eq!(answer.header("ratelimit-policy"), format!("\"public_write\";q={MOST};w=60"));
        if answer.status == 429 {
            let problem = answer.problem(ErrorCode::TooManyRequests);
            assert_eq!(problem.more["retry_after"].to_string(), answer.header("retry-after"));
            assert_eq!(problem.more["policy"], "public_write");
            let wait = answer.header("retry-after");
            assert_eq!(answer.header("ratelimit"), format!("\"public_write\";r=0;t={wait}"));
            return count;
        }
        assert!(answer.header("ratelimit").starts_with("\"public_write\";r="), "{:?}", answer.headers);
    }
    panic!("nobody was refused");
}

#[tokio::test]
async fn too_many_writes_of_a_stranger_are_refused() {
    let app = limited().start().await;
    prepare(&app).await;
    assert!(exhaust(&app, "192.0.2.1").await >= MOST);
    // Others, and reading, have measures of their own.
    write(&app, "192.0.2.2").await.problem(ErrorCode::InvalidFields);
    let _ = app.get("/notes").header("X-Forwarded-For", "192.0.2.1").await.expect(200);
}

#[tokio::test]
async fn all_addresses_of_an_ipv6_subscriber_count_as_one() {
    let app = limited().start().await;
    prepare(&app).await;
    for count in 0..MOST {
        write(&app, &format!("2001:db8:0:7::{count:x}")).await.problem(ErrorCode::InvalidFields);
    }
    write(&app, "2001:db8:0:7:ffff::1").await.problem(ErrorCode::TooManyRequests);
    write(&app, "2001:db8:0:8::1").await.problem(ErrorCode::InvalidFields);
}

#[tokio::test]
async fn nobody_escapes_by_a_made_up_address() {
    let app = limited().config(|config| config.trusted_proxies.clear()).start().await;
    prepare(&app).await;
    for count in 0..MOST {
        write(&app, &format!("192.0.2.{count}")).await.problem(ErrorCode::InvalidFields);
    }
    write(&app, "192.0.2.200").await.problem(ErrorCode::TooManyRequests);
}

#[tokio::test]
async fn a_made_up_hop_left_of_the_callers_own_changes_nothing() {
    let app = limited().start().await;
    prepare(&app).await;
    for count in 0..MOST {
        write(&app, &format!("203.0.113.{count}, 192.0.2.1")).await.problem(ErrorCode::InvalidFields);
    }
    write(&app, "203.0.113.200, 192.0.2.1").await.problem(ErrorCode::TooManyRequests);
}

#[tokio::test]
async fn people_are_counted_wherever_they_are() {
    let app = limited().config(|config| config.limit_signed_in = 3).start().await;
    let fan = app.person().await;
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        let answer = app.get("/mine").by(&fan).header("X-Forwarded-For", address).await.expect(200);
        assert_eq!(answer.header("ratelimit-policy"), "\"signed_in\";q=3;w=60");
    }
    let refused = app.get("/mine").by(&fan).header("X-Forwarded-For", "192.0.2.4").await;
    refused.problem(ErrorCode::TooManyRequests);
    let _ = app.get("/mine").by(&app.person().await).await.expect(200);
}

#[tokio::test]
async fn what_no_guard_sees_is_counted_too() {
    let app = limited().config(|config| config.limit_public_read = 2).start().await;
    for _ in 0..2 {
        let lost = app.get("/nowhere").await;
        lost.problem(ErrorCode::NotFound);
        assert_eq!(lost.header("ratelimit-policy"), "\"public_read\";q=2;w=60");
    }
    app.get("/nowhere").problem(ErrorCode::TooManyRequests).await;
    app.get("/live").problem(ErrorCode::TooManyRequests).await;
}

#[tokio::test]
async fn redis_counts_for_all_and_lets_through_when_it_is_gone() {
    let mut app = limited().redis().start().await;
    prepare(&app).await;
    assert_eq!(exhaust(&app, "192.0.2.1").await, MOST);
    // What was refused is not counted, so nobody locks themselves out by asking on.
    let refused = write(&app, "192.0.2.1").await;
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=60).contains(&wait)));
    app.redis.as_mut().expect("it was asked for").stop();
    write(&app, "192.0.2.1").await.problem(ErrorCode::InvalidFields);
}

#[tokio::test]
async fn the_cache_keeps_in_both_backends_and_misses_without_redis() {
    use std::time::Duration;
    let local = setup().start().await;
    let mut redis = setup().redis().start().await;
    for app in [&local, &redis] {
        let cache = &app.state().cache;
        assert_eq!(cache.get("k").await, None);
        cache.put("k", "v".into(), Duration::from_secs(60)).await;
        assert_eq!(cache.get("k").await.as_deref(), Some(&b"v"[..]));
        cache.remove("k").await;
        assert_eq!(cache.get("k").await, None);
    }
    redis.redis.as_mut().expect("it was asked for").stop();
    redis.state().cache.put("k", "v".into(), Duration::from_secs(60)).await;
    assert_eq!(redis.state().cache.get("k").await, None);
}
