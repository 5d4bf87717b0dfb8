//! The statements of the job table.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Jsonb, Nullable, SmallInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::db::{Conn, Db, sql};
use crate::error::ApiResult;

/// How long a job belongs to the worker that took it; a running job is renewed before.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(20);

/// A job taken.
#[derive(Debug, QueryableByName)]
pub(super) struct Taken {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    #[diesel(sql_type = SmallInt)]
    pub attempts: i16,
    #[diesel(sql_type = SmallInt)]
    pub max_attempts: i16,
}

/// Takes up to `most` jobs that are due.
pub(super) async fn take(db: &Db, most: i64) -> ApiResult<Vec<Taken>> {
    let now = db.now();
    db.statement(async |conn| {
        Ok(sql("UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_until = $2
                WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' AND run_at <= $1
                             ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
                RETURNING id, kind, payload, attempts, max_attempts")
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now + LEASE)
        .bind::<BigInt, _>(most)
        .load::<Taken>(conn)
        .await?)
    })
    .await
}

/// Keeps a running job for another lease.
pub(super) async fn renew(db: &Db, job: &Taken) -> ApiResult<()> {
    let until = db.now() + LEASE;
    db.statement(async |conn| {
        sql("UPDATE jobs SET locked_until = $3 WHERE id = $1 AND attempts = $2 AND state = 'running'")
            .bind::<BigInt, _>(job.id)
            .bind::<SmallInt, _>(job.attempts)
            .bind::<Timestamptz, _>(until)
            .execute(conn)
            .await?;
        Ok(())
    })
    .await
}

/// The job is done. A job taken over by another worker meanwhile is left to it.
pub(super) async fn done(db: &Db, id: i64, attempts: i16) -> ApiResult<()> {
    db.statement(async |conn| {
        sql("DELETE FROM jobs WHERE id = $1 AND attempts = $2")
            .bind::<BigInt, _>(id)
            .bind::<SmallInt, _>(attempts)
            .execute(conn)
            .await?;
        Ok(())
    })
    .await
}

/// The job failed: it is tried again later, or is dead after its last attempt.
pub(super) async fn failed(db: &Db, id: i64, attempts: i16, dead: bool, error: &str) -> ApiResult<()> {
    let again = db.now() + pause(attempts);
    let error: String = error.chars().take(2_000).collect();
    db.statement(async |conn| {
        sql("UPDATE jobs SET state = $3, run_at = $4, last_error = $5, locked_until = NULL
             WHERE id = $1 AND attempts = $2")
        .bind::<BigInt, _>(id)
        .bind::<SmallInt, _>(attempts)
        .bind::<Text, _>(if dead { "dead" } else { "ready" })
        .bind::<Timestamptz, _>(again)
        .bind::<Text, _>(error)
        .execute(conn)
        .await?;
        Ok(())
    })
    .await
}

/// 2, 4, 8 … seconds, at most an hour, give or take a quarter.
fn pause(attempts: i16) -> TimeDelta {
    let seconds = 2_i64.pow(u32::from(attempts.clamp(1, 12).unsigned_abs())).min(3_600);
    let millis = seconds * 1_000;
    TimeDelta::milliseconds(rand::random_range(millis * 3 / 4..=millis * 5 / 4))
}

/// Frees the jobs whose worker has gone.
pub(super) async fn release_abandoned(db: &Db) -> ApiResult<usize> {
    let now = db.now();
    db.statement(async |conn| {
        Ok(sql("UPDATE jobs SET state = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'ready' END,
                    locked_until = NULL, last_error = 'the worker was lost'
                WHERE state = 'running' AND locked_until < $1")
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?)
    })
    .await
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The timers that are not due yet: asked first, because a claim that fails writes all the same.
pub(super) async fn resting_timers(db: &Db) -> ApiResult<HashSet<String>> {
    let now = db.now();
    db.statement(async |conn| {
        let find = sql("SELECT name FROM timers WHERE next_run_at > $1").bind::<Timestamptz, _>(now);
        let rows: Vec<Name> = find.load(conn).await?;
        Ok(rows.into_iter().map(|row| row.name).collect())
    })
    .await
}

/// Moves the timer on when it is due; tells whether it was.
pub(super) async fn claim_timer(db: &Db, name: &str, every: Duration) -> ApiResult<bool> {
    let now = db.now();
    let next = now + TimeDelta::from_std(every).unwrap_or(TimeDelta::hours(1));
    db.statement(async |conn| {
        let moved = sql("INSERT INTO timers (name, next_run_at) VALUES ($1, $3)
             ON CONFLICT (name) DO UPDATE SET next_run_at = $3 WHERE timers.next_run_at <= $2")
        .bind::<Text, _>(name)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(next)
        .execute(conn)
        .await?;
        Ok(moved == 1)
    })
    .await
}

/// Forgets what need not be kept: facts handed on a week ago, answers given two days ago.
pub(super) async fn forget_old(db: &Db) -> ApiResult<()> {
    let now = db.now();
    db.statement(async |conn| {
        sql("DELETE FROM outbox WHERE dispatched_at < $1")
            .bind::<Timestamptz, _>(now - TimeDelta::days(7))
            .execute(conn)
            .await?;
        Ok(())
    })
    .await
}

/// A job given up.
#[derive(Debug, Clone, QueryableByName)]
pub struct DeadJob {
    /// The job.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Its kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// What it was to do.
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    /// Why its last attempt failed.
    #[diesel(sql_type = Nullable<Text>)]
    pub last_error: Option<String>,
    /// When it was asked for.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// Jobs given up, newest first, at most 200.
pub async fn dead_jobs(conn: &mut Conn) -> ApiResult<Vec<DeadJob>> {
    Ok(sql("SELECT id, kind, payload, last_error, created_at FROM jobs WHERE state = 'dead' ORDER BY id DESC LIMIT 200")
        .load(conn)
        .await?)
}

/// Gives a dead job all its attempts again; tells whether there was one.
pub async fn revive(conn: &mut Conn, id: i64, now: DateTime<Utc>) -> ApiResult<bool> {
    let revived =
        sql("UPDATE jobs SET state = 'ready', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'dead'")
            .bind::<BigInt, _>(id)
            .bind::<Timestamptz, _>(now)
            .execute(conn)
            .await?;
    Ok(revived == 1)
}
