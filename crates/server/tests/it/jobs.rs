//! `/jobs`: what was given up is seen, tried again or taken away by those who run Ringside.

use contract::endpoints::{DISCARD_DEAD_JOB, GET_JOBS, LIST_DEAD_JOBS, RETRY_DEAD_JOB, RETRY_DEAD_JOBS};
use contract::jobs::{DeadJob, JobsOverview, RetriedJobs};
use contract::{ErrorCode, Page};
use serde_json::json;

use crate::night::Night;
use crate::privacy::platform_owner;
use crate::setup;

const DEAD: &str =
    "INSERT INTO jobs (kind, payload, state, run_at, attempts, max_attempts, last_error, created_at)
    SELECT kind, '{}', 'dead', '2026-11-20', 10, 10, 'asked to fail', '2026-11-20'
      FROM unnest(ARRAY['demo_one', 'demo_two', 'demo_two']) AS kind";

#[tokio::test]
async fn dead_jobs_are_seen_tried_again_and_taken_away() {
    let app = setup().start().await;
    let chief = platform_owner(&app).await;
    app.execute(DEAD).await;
    let page: Page<DeadJob> = app.to(LIST_DEAD_JOBS, &[]).by(&chief).ok().await;
    let kinds: Vec<_> = page.items.iter().map(|job| job.kind.as_str()).collect();
    assert_eq!(kinds, ["demo_two", "demo_two", "demo_one"], "the newest first");
    assert_eq!(page.items[0].last_error.as_deref(), Some("asked to fail"));

    let one = page.items[2].id.to_string();
    app.to(RETRY_DEAD_JOB, &[&one]).by(&chief).await.expect(204);
    app.to(RETRY_DEAD_JOB, &[&one]).by(&chief).problem(ErrorCode::NotFound).await;
    let retried: RetriedJobs =
        app.to(RETRY_DEAD_JOBS, &[]).by(&chief).json(&json!({"kind": "demo_two"})).ok().await;
    assert_eq!(retried.count, 2);
    let overview: JobsOverview = app.to(GET_JOBS, &[]).by(&chief).ok().await;
    let told: Vec<_> = overview.kinds.iter().map(|kind| (kind.kind.as_str(), kind.due, kind.dead)).collect();
    assert_eq!(told, [("demo_one", 1, 0), ("demo_two", 2, 0)]);
    assert!(overview.oldest_due_at.is_some());

    app.execute("UPDATE jobs SET state = 'dead' WHERE kind = 'demo_one'").await;
    app.to(DISCARD_DEAD_JOB, &[&one]).by(&chief).await.expect(204);
    app.to(DISCARD_DEAD_JOB, &[&one]).by(&chief).problem(ErrorCode::NotFound).await;
    let noted =
        "SELECT count(*) FROM audit_log WHERE action IN ('job.retried', 'jobs.retried', 'job.discarded')";
    assert_eq!(app.count(noted).await, 3);
    app.forget_jobs().await;
}

#[tokio::test]
async fn they_are_not_for_promoters() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 2).await;
    app.to(GET_JOBS, &[]).by(&night.owner).problem(ErrorCode::NotFound).await;
    app.to(LIST_DEAD_JOBS, &[]).by(&night.owner).problem(ErrorCode::NotFound).await;
}
