//! Too many requests, and a Redis that comes and goes.

use contract::ErrorCode;
use platform::limits::Tier;

use crate::desk::{prepare, setup};

async fn exhaust(app: &testkit::TestApp) -> u32 {
    for count in 0..=Tier::PublicWrite.per_minute() + 1 {
        let answer = app.post("/notes").json(&serde_json::json!({})).await;
        if answer.status == 429 {
            let problem = answer.problem(ErrorCode::TooManyRequests);
            assert_eq!(problem.more["retry_after"].to_string(), answer.header("retry-after"));
            return count;
        }
        assert!(answer.header("ratelimit").starts_with("\"public_write\";r="), "{:?}", answer.headers);
    }
    panic!("nobody was refused");
}

#[tokio::test]
async fn too_many_writes_of_a_stranger_are_refused() {
    let app = setup().config(|config| config.rate_limits = true).start().await;
    prepare(&app).await;
    assert!(exhaust(&app).await >= Tier::PublicWrite.per_minute());
    // Reading has a measure of its own.
    let _ = app.get("/notes").await.expect(200);
}

#[tokio::test]
async fn redis_counts_for_all_and_lets_through_when_it_is_gone() {
    let mut app = setup().redis().config(|config| config.rate_limits = true).start().await;
    prepare(&app).await;
    assert_eq!(exhaust(&app).await, Tier::PublicWrite.per_minute());
    app.redis.as_mut().expect("it was asked for").stop();
    app.post("/notes").json(&serde_json::json!({})).problem(ErrorCode::InvalidFields).await;
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
