//! Work after the answer.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use platform::ApiResult;
use platform::db::{Tx, sql};
use platform::jobs::{self, JobContext, Registry};
use platform::outbox::{Handed, dispatch};
use testkit::TestApp;
use tokio::sync::watch;
use uuid::Uuid;

use crate::desk::{Copy, Note, note, prepare, setup, start};

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
    let dead = "SELECT count(*) FROM jobs WHERE state = 'dead' AND last_error = 'asked to fail'";
    assert_eq!(app.count(dead).await, 1);
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

/// Asks for copies in the name of an organisation.
async fn ask(app: &TestApp, org: u128, texts: &[&str]) {
    let ask = async |tx: &mut Tx<'_>| {
        tx.work_for(Uuid::from_u128(org));
        for text in texts {
            tx.enqueue(&Copy { text: (*text).to_owned() }).await?;
        }
        Ok(())
    };
    app.state().db.write(ask).await.expect("the jobs are written");
}

/// The copies made so far, in their order.
async fn copies(app: &TestApp) -> Vec<String> {
    use diesel_async::RunQueryDsl as _;
    let rows =
        app.sql(async |conn| Ok(sql("SELECT text FROM copies ORDER BY id").load::<Note>(conn).await?)).await;
    rows.into_iter().map(|row| row.text).collect()
}

#[tokio::test]
async fn organisations_take_turns() {
    let app = start().await;
    ask(&app, 1, &["a1", "a2", "a3", "a4"]).await;
    ask(&app, 2, &["b1", "b2"]).await;
    assert_eq!(app.run_jobs().await, 6);
    assert_eq!(copies(&app).await, ["a1", "b1", "a2", "b2", "a3", "a4"]);
}

#[tokio::test]
async fn what_matters_more_goes_first() {
    let app = start().await;
    ask(&app, 1, &["a1", "a2"]).await;
    app.execute("UPDATE jobs SET priority = 1 WHERE payload ->> 'text' = 'a2'").await;
    assert_eq!(app.run_jobs().await, 2);
    assert_eq!(copies(&app).await, ["a2", "a1"]);
}

/// What a job asks for is the same organisation's and as urgent.
#[tokio::test]
async fn the_job_of_a_job_is_its_organisations_too() {
    let app = start().await;
    ask(&app, 7, &["then another"]).await;
    app.execute("UPDATE jobs SET priority = 3").await;
    let mut registry = Registry::default();
    registry.on(async |context: JobContext, _: Copy| {
        let next = Copy { text: "another".to_owned() };
        context.db.write(async |tx| tx.enqueue_at(&next, tx.now() + TimeDelta::hours(1)).await).await?;
        Ok(())
    });
    jobs::drain(app.context(), &registry).await.expect("the job is done");
    let inherited = "SELECT count(*) FROM jobs WHERE payload ->> 'text' = 'another' AND priority = 3
        AND org_id = '00000000-0000-0000-0000-000000000007'";
    assert_eq!(app.count(inherited).await, 1);
    app.forget_jobs().await;
}

/// Does what a dispatcher does first.
async fn begin_to_hand_on(tx: &mut Tx<'_>) -> ApiResult<()> {
    use diesel_async::RunQueryDsl as _;
    sql("SELECT pg_advisory_xact_lock(hashtext('ringside outbox'))").execute(tx).await?;
    Ok(())
}

/// Of two dispatchers one hands on: facts keep their order.
#[tokio::test]
async fn one_hands_on_at_a_time() {
    let app = start().await;
    let _: Note = app.post("/notes").json(&note("a")).created().await;
    let (context, registry) = (app.context().clone(), Registry::default());
    let during = app.state().db.write(async |tx| {
        begin_to_hand_on(tx).await?;
        dispatch(&context, &registry).await
    });
    assert_eq!(during.await.expect("an answer"), Handed::Busy);
    let after = dispatch(app.context(), &Registry::default()).await;
    assert_eq!(after.expect("an answer"), Handed::On(1));
    app.forget_jobs().await;
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

/// Two processes, far more jobs than they do at the same time: each job is done once and none stays.
#[tokio::test]
async fn many_jobs_are_each_done_once() {
    let app = start().await;
    let texts: Vec<String> = (0..300).map(|number| number.to_string()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for org in 0..3 {
        ask(&app, org as u128, &texts[org * 100..][..100]).await;
    }
    let (done, seen) = watch::channel(Vec::new());
    let (stop, stopping) = watch::channel(false);
    let local = tokio::task::LocalSet::new();
    let work = |done: watch::Sender<Vec<String>>| {
        let mut registry = Registry::default();
        registry.on(async move |_, job: Copy| {
            done.send_modify(|texts| texts.push(job.text));
            Ok(())
        });
        jobs::work(app.context().clone(), Arc::new(registry), stopping.clone())
    };
    let workers = local.run_until(async { tokio::join!(work(done.clone()), work(done.clone())) });
    let waiting = async {
        let mut all = seen.clone();
        let all = all.wait_for(|texts| texts.len() >= 300);
        tokio::time::timeout(Duration::from_secs(20), all).await.expect("in time").expect("they live");
        stop.send(true).expect("the workers listen");
    };
    tokio::join!(workers, waiting);
    let mut did = seen.borrow().clone();
    did.sort_unstable_by_key(|text| text.parse::<u32>().expect("a number"));
    assert_eq!(did, texts);
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0, "that they are done is noted");
}

/// Jobs that are done fast make the worker take some ahead; those are nobody's again when it stops.
#[tokio::test]
async fn what_was_taken_ahead_is_handed_back() {
    let app = setup().config(|config| (config.workers, config.grace_seconds) = (1, 0)).start().await;
    prepare(&app).await;
    let texts: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    ask(&app, 1, &texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut registry = Registry::default();
    let (stop, stopping) = watch::channel(false);
    let (context, stop) = (app.context().clone(), Arc::new(stop));
    let taken = "SELECT count(*) FROM jobs WHERE state = 'running' AND attempts = 1";
    let (ahead, seen) = watch::channel(0);
    let owner = app.database_url();
    registry.on(async move |_, job: Copy| {
        if job.text == "50" {
            let (client, connection) = tokio_postgres::connect(&owner, tokio_postgres::NoTls).await?;
            tokio::task::spawn_local(connection);
            let taken: i64 = client.query_one(taken, &[]).await?.get(0);
            ahead.send_replace(taken);
            stop.send(true)?;
            std::future::pending::<()>().await;
        }
        Ok(())
    });
    let local = tokio::task::LocalSet::new();
    let work = local.run_until(jobs::work(context, Arc::new(registry), stopping));
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("it stops in time");
    assert!(*seen.borrow() > 1, "none was taken ahead: {}", *seen.borrow());
    let free = "SELECT count(*) FROM jobs WHERE state = 'ready' AND attempts = 0 AND locked_until IS NULL";
    assert_eq!(app.count(free).await, 50, "as if they had not been taken");
    app.forget_jobs().await;
}

/// However many jobs are for later, of however high a priority, what is due is found behind them.
#[tokio::test]
async fn what_is_for_later_hides_nothing() {
    let app = start().await;
    ask(&app, 1, &["due"]).await;
    app.execute(
        "INSERT INTO jobs (kind, payload, max_attempts, run_at, org_id, priority, created_at)
         SELECT 'copy', '{}', 10, '2026-11-21', '00000000-0000-0000-0000-000000000001', number % 3, '2026-11-20'
           FROM generate_series(1, 1000) AS number",
    )
    .await;
    assert_eq!(app.run_jobs().await, 1);
    assert_eq!(copies(&app).await, ["due"]);
}

/// What waits and how late it is, for Prometheus; whoever asks twice within a second hears the same.
#[tokio::test]
async fn what_waits_is_told() {
    let app = start().await;
    let _: Note = app.post("/notes").json(&note("a")).created().await;
    app.execute(
        "INSERT INTO jobs (kind, payload, state, run_at, attempts, max_attempts, locked_until, created_at)
         VALUES ('copy', '{}', 'ready', '2026-11-20 12:05+00', 0, 10, NULL, '2026-11-20'),
                ('copy', '{}', 'dead', '2026-11-20', 10, 10, NULL, '2026-11-20'),
                ('copy', '{}', 'running', '2026-11-20', 1, 10, '2026-11-20 12:10+00', '2026-11-20')",
    )
    .await;
    app.advance(TimeDelta::milliseconds(90_500));
    let told = jobs::gauges(app.state()).await;
    for line in [
        "# TYPE ringside_jobs gauge",
        "ringside_database_up 1",
        "ringside_facts_waiting 1",
        "ringside_facts_oldest_age_seconds 90.5",
        "ringside_jobs{state=\"due\"} 1",
        "ringside_jobs{state=\"later\"} 1",
        "ringside_jobs{state=\"running\"} 1",
        "ringside_jobs{state=\"dead\"} 1",
        "ringside_jobs_oldest_due_age_seconds 90.5",
    ] {
        assert!(told.lines().any(|told| told == line), "{line} is not in\n{told}");
    }
    app.execute("DELETE FROM jobs WHERE state <> 'ready'").await;
    assert_eq!(jobs::gauges(app.state()).await, told);
    app.run_jobs().await;
    app.advance(TimeDelta::seconds(1));
    let told = jobs::gauges(app.state()).await + &app.state().metrics.render();
    for line in [
        "ringside_facts_waiting 0",
        "ringside_facts_oldest_age_seconds 0",
        "ringside_jobs{state=\"due\"} 0",
        "ringside_jobs_oldest_due_age_seconds 0",
        "ringside_jobs_done_total 1",
        "ringside_facts_total 1",
    ] {
        assert!(told.lines().any(|told| told == line), "{line} is not in\n{told}");
    }
}

#[tokio::test]
async fn a_job_that_does_not_end_in_time_is_handed_back() {
    let app = setup().config(|config| config.grace_seconds = 0).start().await;
    prepare(&app).await;
    ask(&app, 1, &["slow"]).await;
    let mut registry = Registry::default();
    let (stop, stopping) = watch::channel(false);
    registry.on(async move |_, _: Copy| {
        stop.send(true)?;
        std::future::pending().await
    });
    let local = tokio::task::LocalSet::new();
    let work = local.run_until(jobs::work(app.context().clone(), Arc::new(registry), stopping));
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("it stops in time");
    let ready = "SELECT count(*) FROM jobs WHERE state = 'ready' AND attempts = 0 AND locked_until IS NULL";
    assert_eq!(app.count(ready).await, 1, "as if it had not been taken");
    assert_eq!(app.run_jobs().await, 1);
}
