//! Work after the answer.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::{self, Registry};
use tokio::sync::watch;

use crate::desk::{Copy, Note, note, start};

#[tokio::test]
async fn a_committed_request_has_its_fact_heard_and_its_job_done() {
    let app = start().await;
    let _: Note = app.post("/notes").json(&note("a")).created().await;
    assert_eq!(app.count("SELECT count(*) FROM copies").await, 0);
    assert_eq!(app.run_jobs().await, 1);
    assert_eq!(app.count("SELECT count(*) FROM copies WHERE text IN ('a', 'heard')").await, 2);
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
    assert_eq!(app.run_jobs().await, 0);
}

#[tokio::test]
async fn a_failing_job_is_tried_again_later_and_then_dead() {
    let app = start().await;
    let _: Note = app.post("/notes").json(&note("fails")).created().await;
    for attempt in 1..=3 {
        let drained = app.run_jobs_and_see().await;
        assert_eq!(drained.failed, [("copy".to_owned(), "asked to fail".to_owned())], "attempt {attempt}");
        assert!(app.run_jobs_and_see().await.failed.is_empty(), "not at once again");
        app.advance(TimeDelta::hours(2));
    }
    let dead = app.sql(async |conn| jobs::dead_jobs(conn).await).await;
    assert_eq!(dead[0].last_error.as_deref(), Some("asked to fail"));
    let now = app.clock.now();
    assert!(app.sql(async |conn| jobs::revive(conn, dead[0].id, now).await).await);
    assert_eq!(app.run_jobs_and_see().await.failed.len(), 1);
    app.forget_jobs().await;
}

#[tokio::test]
async fn a_panicking_job_takes_nothing_down() {
    let app = start().await;
    let _: Note = app.post("/notes").json(&note("panics")).created().await;
    let drained = app.run_jobs_and_see().await;
    assert_eq!(drained.failed[0].1, "the job panicked");
    app.forget_jobs().await;
}

#[tokio::test]
async fn a_job_for_later_waits() {
    let app = start().await;
    let later = app.clock.now() + TimeDelta::hours(1);
    let job = Copy { text: "later".to_owned() };
    app.state().db.write(async |tx| tx.enqueue_at(&job, later).await).await.expect("the job is written");
    assert_eq!(app.run_jobs().await, 0);
    app.advance(TimeDelta::hours(1));
    assert_eq!(app.run_jobs().await, 1);
}

#[tokio::test]
async fn a_timer_runs_when_told() {
    let app = start().await;
    app.run_timer("tick").await;
    assert_eq!(app.count("SELECT count(*) FROM copies WHERE text = 'tick'").await, 1);
}

/// The real loop: it is woken by the commit, and by NOTIFY from another process.
#[tokio::test]
async fn the_worker_does_what_is_asked_while_it_runs() {
    let app = start().await;
    let mut registry = Registry::default();
    let (done, mut seen) = watch::channel(0);
    registry.on(async move |_, _: Copy| {
        done.send_modify(|count| *count += 1);
        Ok(())
    });
    let (stop, stopping) = watch::channel(false);
    let local = tokio::task::LocalSet::new();
    let context = app.context().clone();
    let worker = local.run_until(jobs::work(context, Arc::new(registry), stopping));
    let asking = async {
        for text in ["a", "b", "c"] {
            let job = Copy { text: text.to_owned() };
            app.state().db.write(async |tx| tx.enqueue(&job).await).await.expect("the job is written");
        }
        tokio::time::timeout(Duration::from_secs(10), seen.wait_for(|count| *count == 3))
            .await
            .expect("the jobs are done in time")
            .expect("the worker lives");
        stop.send(true).expect("the worker listens");
    };
    tokio::join!(worker, asking);
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
}

#[tokio::test]
async fn the_job_of_a_lost_worker_is_done_by_another() {
    let app = start().await;
    app.execute(
        "INSERT INTO jobs (kind, payload, state, run_at, attempts, max_attempts, locked_until, created_at)
         VALUES ('copy', '{\"text\":\"lost\"}', 'running', '2026-11-20', 1, 10, '2026-11-20 11:00+00', '2026-11-20')",
    )
    .await;
    let (stop, stopping) = watch::channel(false);
    let mut registry = Registry::default();
    let stop = Arc::new(stop);
    let told = Arc::clone(&stop);
    registry.on(async move |_, job: Copy| {
        anyhow::ensure!(job.text == "lost", "another job");
        told.send(true)?;
        Ok(())
    });
    let local = tokio::task::LocalSet::new();
    let work = local.run_until(jobs::work(app.context().clone(), Arc::new(registry), stopping));
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("the job is found in time");
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
}
