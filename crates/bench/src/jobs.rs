//! Facts on their way through outbox, dispatch and worker, beside like statements by pgbench on the same
//! cluster. The work itself is nothing: what is measured is the way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use domain::Fact;
use futures_util::FutureExt as _;
use platform::clock::Clock;
use platform::config::Config;
use platform::jobs::{self, Job, JobContext, Registry};
use platform::keys::MasterKey;
use platform::state::App;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::LocalSet;
use uuid::Uuid;

use crate::Target;
use crate::ceiling::{self, CLIENTS};
use crate::figures::round;

/// What each fact leads to.
#[derive(Serialize, Deserialize)]
struct Nothing {
    event_id: Uuid,
}

impl Job for Nothing {
    const KIND: &'static str = "bench_nothing";
}

/// Jobs at the same time; as many connections wait for the disk together.
const WORKERS: usize = 16;
/// How long all jobs together may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Measures how many facts a second are told, handed on and worked off.
pub async fn measure(target: &Target) -> Result<()> {
    let each = if target.quick { 500 } else { 2_500 };
    let facts = each * CLIENTS;
    let per_s = facts as f64 / way(target, each).await?.as_secs_f64();
    println!("  {facts} facts: {per_s:.0} jobs per s from the fact to the job that is done");
    let ceiling = ceiling::jobs(target, each).await?.per_s;
    println!("  like SQL by pgbench: {ceiling:.0} per s; ours reaches {:.0} %", per_s / ceiling * 100.0);
    let figures = json!({
        "bench": "jobs", "jobs_per_s": round(per_s), "ceiling_per_s": round(ceiling),
        "ceiling_ratio": round(per_s / ceiling),
    });
    println!("{figures}");
    Ok(())
}

/// The time from the first fact to the last job.
async fn way(target: &Target, each: usize) -> Result<Duration> {
    let config =
        Config { workers: WORKERS, database_connections: CLIENTS + WORKERS + 4, ..Config::default() };
    // Seals nothing and signs nothing here.
    let app = App::new(config, &target.database, Clock::default(), MasterKey::new([0; 32]))?;
    let context = JobContext::new(actix_web::web::Data::new(app));
    let (done, mut seen) = watch::channel(0);
    let (stop, stopping) = watch::channel(false);
    let local = LocalSet::new();
    let begun = Instant::now();
    let work = local.run_until(jobs::work(context.clone(), Arc::new(registry(done)), stopping));
    let tell = async {
        let told = futures_util::future::try_join_all((0..CLIENTS).map(|_| tell(&context, each)));
        told.await?;
        let all = seen.wait_for(|count| *count == each * CLIENTS);
        tokio::time::timeout(PATIENCE, all).await.context("the jobs take too long")??;
        let time = begun.elapsed();
        stop.send(true)?;
        anyhow::Ok(time)
    };
    let ((), time) = tokio::join!(work, tell);
    time
}

fn registry(done: watch::Sender<usize>) -> Registry {
    let mut registry = Registry::default();
    registry.on(async move |_, _: Nothing| {
        done.send_modify(|count| *count += 1);
        Ok(())
    });
    registry.when("event_changed", |told, tx| {
        let Fact::EventChanged { event_id } = told.fact else { return async { Ok(()) }.boxed_local() };
        async move { tx.enqueue(&Nothing { event_id }).await }.boxed_local()
    });
    registry
}

/// Tells facts, one after the other.
async fn tell(context: &JobContext, facts: usize) -> Result<()> {
    let org = Uuid::now_v7();
    for _ in 0..facts {
        let fact = Fact::EventChanged { event_id: Uuid::now_v7() };
        context.db.write(async |tx| tx.emit(org, fact.clone()).await).await?;
    }
    Ok(())
}
