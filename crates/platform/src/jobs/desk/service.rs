//! The rules of looking after jobs.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use contract::jobs::{JobsOverview, RetriedJobs, subject};
use serde_json::json;
use uuid::Uuid;

use super::super::lag::lag;
use super::queries;
use crate::audit::Change;
use crate::db::{Conn, Tx};
use crate::error::ApiResult;

pub(super) async fn overview(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<JobsOverview> {
    let lag = lag(conn, now).await?;
    Ok(JobsOverview {
        facts: lag.facts,
        oldest_fact_at: lag.oldest_fact_at,
        oldest_due_at: lag.oldest_due_at,
        kinds: queries::kinds(conn, now).await?,
        timers: queries::timers(conn).await?,
    })
}

/// Gives a dead job all its attempts again; `not_found` when none of this number is dead (any more).
pub(super) async fn retry(tx: &mut Tx<'_>, org: Uuid, id: i64) -> ApiResult<()> {
    let now = tx.now();
    if queries::revive(tx, Some(id), None, now).await? == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "job.retried", subject(id)));
    tx.ring();
    Ok(())
}

/// Gives all dead jobs of a kind their attempts again.
pub(super) async fn retry_all(tx: &mut Tx<'_>, org: Uuid, kind: &str) -> ApiResult<RetriedJobs> {
    let now = tx.now();
    let count = queries::revive(tx, None, Some(kind), now).await?;
    let noted = json!({"kind": kind, "count": count});
    tx.audit(Change::new(Some(org), "jobs.retried", Uuid::nil()).after(noted));
    tx.ring();
    Ok(RetriedJobs { count: i64::try_from(count).unwrap_or(i64::MAX) })
}

/// Takes a dead job away for good; `not_found` when none of this number is dead (any more).
pub(super) async fn discard(tx: &mut Tx<'_>, org: Uuid, id: i64) -> ApiResult<()> {
    let Some(kind) = queries::discard(tx, id).await? else { return Err(ErrorCode::NotFound.into()) };
    tx.audit(Change::new(Some(org), "job.discarded", subject(id)).before(json!({"kind": kind})));
    Ok(())
}
