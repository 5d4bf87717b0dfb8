//! Work behind the answers.

use contract::endpoints;
use contract::jobs::{DeadJob, JobsOverview, RetriedJobs, RetryJobs};
use contract::page::Page;

use crate::api::{Failure, to};

/// What waits, by kind, and the timers.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn overview() -> Result<JobsOverview, Failure> {
    to(endpoints::GET_JOBS).send().await
}

/// Those given up, the newest after a given one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn dead(after: &str) -> Result<Page<DeadJob>, Failure> {
    to(endpoints::LIST_DEAD_JOBS).query("after", after).send().await
}

/// Tries all dead ones of a kind again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn retry_kind(kind: String) -> Result<RetriedJobs, Failure> {
    to(endpoints::RETRY_DEAD_JOBS).body(&RetryJobs { kind }).send().await
}

/// Tries a dead one again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn retry(id: i64) -> Result<(), Failure> {
    to(endpoints::RETRY_DEAD_JOB).at(&[&id.to_string()]).send().await.map(|_| ())
}

/// Takes a dead one away.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn discard(id: i64) -> Result<(), Failure> {
    to(endpoints::DISCARD_DEAD_JOB).at(&[&id.to_string()]).send().await.map(|_| ())
}
