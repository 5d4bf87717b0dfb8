//! The statements of the job table.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Conn, Db, sql};
use crate::error::ApiResult;

/// How long a job belongs to the worker that took it; a running job is renewed before.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(20);

/// A job taken.
#[derive(Debug, QueryableByName)]
pub(super) struct Taken {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    pub priority: i16,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    #[diesel(sql_type = SmallInt)]
    pub attempts: i16,
    #[diesel(sql_type = SmallInt)]
    pub max_attempts: i16,
    /// Where it stands among those taken with it.
    #[diesel(sql_type = Integer)]
    place: i32,
}

impl Taken {
    pub fn attempt(&self) -> Attempt {
        Attempt { id: self.id, number: self.attempts }
    }
}

/// A job's attempt: what its worker holds. Another worker's attempt at the job has another number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Attempt {
    pub id: i64,
    pub number: i16,
}

fn columns(attempts: &[Attempt]) -> (Vec<i64>, Vec<i16>) {
    attempts.iter().map(|attempt| (attempt.id, attempt.number)).unzip()
}

/// Notes what has ended and takes what is next, in one statement and so with one wait for the disk.
///
/// A lane is what one organisation has of one priority; the lanes are one step down the index each, and those
/// whose first job is for later are left. Of each lane the first that are due, with their turn: jobs of the
/// organisation that run already count, and of equal turns whoever was served longest ago goes first. So one
/// organisation's thousands wait for its own turns. More than are wanted are looked at, since another worker may
/// just be taking some. Ids make lists and are looked up one by one, however little PostgreSQL knows of the table.
const TURN: &str = "
WITH RECURSIVE ended AS (
    DELETE FROM jobs USING unnest($5, $6) AS done (id, attempts)
     WHERE jobs.id = done.id AND jobs.attempts = done.attempts
), lanes AS (
    (SELECT org_id, priority, run_at FROM jobs WHERE state = 'ready' ORDER BY org_id, priority, run_at LIMIT 1)
    UNION ALL
    SELECT next.* FROM lanes CROSS JOIN LATERAL (
           SELECT org_id, priority, run_at FROM jobs
            WHERE state = 'ready' AND (org_id, priority) > (lanes.org_id, lanes.priority)
            ORDER BY org_id, priority, run_at LIMIT 1) AS next
), open AS MATERIALIZED (
    SELECT org_id, priority, array_position($4, org_id) AS served,
           (SELECT count(*) FROM jobs WHERE state = 'running' AND org_id = lanes.org_id AND id <> ALL ($5)) AS running
      FROM lanes WHERE run_at <= $1
), due AS (
    SELECT first.id, open.priority, served, first.run_at,
           running + row_number() OVER (PARTITION BY org_id ORDER BY priority DESC, first.run_at, first.id) AS turn
      FROM open CROSS JOIN LATERAL (
           SELECT id, run_at FROM jobs
            WHERE state = 'ready' AND org_id = open.org_id AND priority = open.priority AND run_at <= $1
              AND id <> ALL ($5)
            ORDER BY run_at, id LIMIT $3 * 2) AS first
     ORDER BY priority DESC, turn, served NULLS FIRST, run_at, id
), taken AS (
    SELECT due.id FROM due CROSS JOIN LATERAL (
           SELECT FROM jobs WHERE id = due.id AND state = 'ready' FOR UPDATE SKIP LOCKED) AS free
     LIMIT $3
)
UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_until = $2
  FROM (SELECT ARRAY(SELECT id FROM taken) AS ids) AS mine
 WHERE id = ANY (ids)
RETURNING id, org_id, priority, kind, payload, attempts, max_attempts, array_position(ids, id) AS place";

/// Whose jobs this process took last, the latest at the end.
#[derive(Default)]
pub(super) struct Turns(Vec<Uuid>);

impl Turns {
    /// Those who were served longer ago have had their turn as good as never.
    const REMEMBERED: usize = 500;

    fn had(&mut self, org: Uuid) {
        self.0.retain(|other| *other != org);
        self.0.push(org);
        let forgotten = self.0.len().saturating_sub(Self::REMEMBERED);
        self.0.drain(..forgotten);
    }
}

/// Notes that attempts have ended well, as [`done`] does, and takes up to `most` jobs that are due, in the order
/// of [`TURN`].
pub(super) async fn turn(
    db: &Db,
    ended: &[Attempt],
    most: usize,
    turns: &mut Turns,
) -> ApiResult<Vec<Taken>> {
    let now = db.now();
    let (ids, attempts) = columns(ended);
    let mut taken = db
        .statement(async |conn| {
            Ok(sql(TURN)
                .bind::<Timestamptz, _>(now)
                .bind::<Timestamptz, _>(now + LEASE)
                .bind::<BigInt, _>(most as i64)
                .bind::<Array<SqlUuid>, _>(&turns.0)
                .bind::<Array<BigInt>, _>(&ids)
                .bind::<Array<SmallInt>, _>(&attempts)
                .load::<Taken>(conn)
                .await?)
        })
        .await?;
    taken.sort_unstable_by_key(|job| job.place);
    for job in &taken {
        turns.had(job.org_id);
    }
    Ok(taken)
}

/// Of these ids, those that no job of the kind names but dead ones.
pub(super) async fn without_job(
    conn: &mut Conn,
    kind: &str,
    field: &str,
    ids: &[Uuid],
) -> ApiResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let rows: Vec<Id> = sql("SELECT id FROM unnest($3) AS wanted (id)
              WHERE id::text NOT IN (SELECT payload ->> $2 FROM jobs WHERE kind = $1 AND state <> 'dead' AND payload ->> $2 IS NOT NULL)")
    .bind::<Text, _>(kind)
    .bind::<Text, _>(field)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Gives back jobs that could not be ended in time, as if they had not been taken.
pub(super) async fn hand_back(db: &Db, held: &[Attempt]) -> ApiResult<usize> {
    let (ids, attempts) = columns(held);
    db.statement(async |conn| {
        Ok(sql("UPDATE jobs SET state = 'ready', attempts = jobs.attempts - 1, locked_until = NULL
                  FROM unnest($1, $2) AS mine (id, attempts)
                 WHERE jobs.id = mine.id AND jobs.attempts = mine.attempts AND state = 'running'")
        .bind::<Array<BigInt>, _>(&ids)
        .bind::<Array<SmallInt>, _>(&attempts)
        .execute(conn)
        .await?)
    })
    .await
}

/// Keeps a running job for another lease.
pub(super) async fn renew(db: &Db, attempt: Attempt) -> ApiResult<()> {
    let until = db.now() + LEASE;
    db.statement(async |conn| {
        sql("UPDATE jobs SET locked_until = $3 WHERE id = $1 AND attempts = $2 AND state = 'running'")
            .bind::<BigInt, _>(attempt.id)
            .bind::<SmallInt, _>(attempt.number)
            .bind::<Timestamptz, _>(until)
            .execute(conn)
            .await?;
        Ok(())
    })
    .await
}

/// These attempts ended well: their jobs go. A job taken over by another worker meanwhile is left to it.
pub(super) async fn done(db: &Db, ended: &[Attempt]) -> ApiResult<()> {
    let (ids, attempts) = columns(ended);
    db.statement(async |conn| {
        sql("DELETE FROM jobs USING unnest($1, $2) AS done (id, attempts)
              WHERE jobs.id = done.id AND jobs.attempts = done.attempts")
        .bind::<Array<BigInt>, _>(&ids)
        .bind::<Array<SmallInt>, _>(&attempts)
        .execute(conn)
        .await?;
        Ok(())
    })
    .await
}

/// The job failed: it is tried again later, or is dead after its last attempt.
pub(super) async fn failed(db: &Db, attempt: Attempt, dead: bool, error: &str) -> ApiResult<()> {
    let again = db.now() + pause(attempt.number);
    let error: String = error.chars().take(2_000).collect();
    db.statement(async |conn| {
        sql("UPDATE jobs SET state = $3, run_at = $4, last_error = $5, locked_until = NULL
             WHERE id = $1 AND attempts = $2")
        .bind::<BigInt, _>(attempt.id)
        .bind::<SmallInt, _>(attempt.number)
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

/// Moves the timer on to `next` when it is due; tells whether it was. One that is seen for the first time
/// is due when `at_first`.
pub(super) async fn claim_timer(db: &Db, name: &str, next: DateTime<Utc>, at_first: bool) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Moved {
        #[diesel(sql_type = Bool)]
        was_there: bool,
    }
    let now = db.now();
    db.statement(async |conn| {
        let moved: Option<Moved> = sql("
            INSERT INTO timers (name, next_run_at) VALUES ($1, $3)
            ON CONFLICT (name) DO UPDATE SET next_run_at = $3 WHERE timers.next_run_at <= $2
            RETURNING xmax <> 0 AS was_there")
        .bind::<Text, _>(name)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(next)
        .get_result(conn)
        .await
        .optional()?;
        Ok(moved.is_some_and(|moved| moved.was_there || at_first))
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
