//! One attempt at one job.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::queue::{self, Attempt, Taken};
use super::{JobContext, Registry};
use crate::db::Db;

/// How often the lease of a job that runs is renewed.
const RENEWED: Duration = Duration::from_secs(5);

/// How an attempt ended.
pub(super) struct Ended {
    /// Which.
    pub attempt: Attempt,
    /// Done: the job's row can go. Or why it failed.
    pub outcome: Result<(), String>,
    /// Whether a failure is noted.
    pub noted: bool,
}

/// Runs a job. A failure is noted at once; that it is done is noted by the caller, for many at a time.
pub(super) async fn attempt(context: &JobContext, registry: &Registry, job: Taken) -> Ended {
    let outcome = outcome(context, registry, &job).await;
    let metrics = &context.app.metrics;
    let mut noted = false;
    match &outcome {
        Ok(()) => {
            metrics.jobs_done.fetch_add(1, Relaxed);
        }
        Err(error) => {
            let dead = job.attempts >= job.max_attempts;
            let count = if dead { &metrics.jobs_dead } else { &metrics.jobs_failed };
            count.fetch_add(1, Relaxed);
            tracing::warn!(
                job = job.id,
                kind = job.kind,
                attempts = job.attempts,
                dead,
                error,
                "a job failed"
            );
            match queue::failed(&context.db, job.attempt(), dead, error).await {
                Ok(()) => noted = true,
                Err(error) => tracing::warn!(job = job.id, %error, "that a job failed cannot be noted"),
            }
        }
    }
    Ended { attempt: job.attempt(), outcome, noted }
}

/// Does the work, and keeps the job meanwhile.
async fn outcome(context: &JobContext, registry: &Registry, job: &Taken) -> Result<(), String> {
    let Some(run) = registry.jobs.get(job.kind.as_str()) else {
        return Err(format!("nobody does jobs of kind {}", job.kind));
    };
    // What it asks for in turn is the same organisation's and as urgent.
    let db = context.db.working_for(job.org_id, job.priority);
    let context = JobContext { db, app: context.app.clone() };
    let work = AssertUnwindSafe(run(context.clone(), job.payload.clone())).catch_unwind();
    tokio::select! {
        ended = work => match ended {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("{error:#}")),
            Err(_) => Err("the job panicked".to_owned()),
        },
        never = renew(&context.db, job.attempt()) => match never {},
    }
}

/// Keeps the job while it runs.
async fn renew(db: &Db, attempt: Attempt) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(RENEWED).await;
        if let Err(error) = queue::renew(db, attempt).await {
            tracing::warn!(job = attempt.id, %error, "a job cannot be kept");
        }
    }
}
