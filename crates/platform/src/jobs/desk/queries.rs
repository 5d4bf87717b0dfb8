//! Every statement of those who look after the jobs.

use chrono::{DateTime, Utc};
use contract::jobs::{DeadJob, JobKind, JobTimer};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Conn, sql};
use crate::error::ApiResult;

#[derive(QueryableByName)]
struct KindRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    due: i64,
    #[diesel(sql_type = BigInt)]
    later: i64,
    #[diesel(sql_type = BigInt)]
    running: i64,
    #[diesel(sql_type = BigInt)]
    dead: i64,
}

pub(super) async fn kinds(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<Vec<JobKind>> {
    let rows: Vec<KindRow> = sql("
        SELECT kind, count(*) FILTER (WHERE state = 'ready' AND run_at <= $1) AS due,
               count(*) FILTER (WHERE state = 'ready' AND run_at > $1) AS later,
               count(*) FILTER (WHERE state = 'running') AS running,
               count(*) FILTER (WHERE state = 'dead') AS dead
          FROM jobs GROUP BY kind ORDER BY kind")
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?;
    let kind = |row: KindRow| JobKind {
        kind: row.kind,
        due: row.due,
        later: row.later,
        running: row.running,
        dead: row.dead,
    };
    Ok(rows.into_iter().map(kind).collect())
}

pub(super) async fn timers(conn: &mut Conn) -> ApiResult<Vec<JobTimer>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Timestamptz)]
        next_run_at: DateTime<Utc>,
    }
    let rows: Vec<Row> =
        sql("SELECT name, next_run_at FROM timers ORDER BY next_run_at, name").load(conn).await?;
    Ok(rows.into_iter().map(|row| JobTimer { name: row.name, next_run_at: row.next_run_at }).collect())
}

#[derive(QueryableByName)]
struct DeadRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    org_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    payload: Value,
    #[diesel(sql_type = SmallInt)]
    attempts: i16,
    #[diesel(sql_type = Nullable<Text>)]
    last_error: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

/// Jobs given up, newest first, those before `after`.
pub(super) async fn dead(conn: &mut Conn, after: Option<i64>, limit: i64) -> ApiResult<Vec<DeadJob>> {
    let rows: Vec<DeadRow> = sql("
        SELECT id, kind, org_id, payload, attempts, last_error, created_at FROM jobs
         WHERE state = 'dead' AND ($1 IS NULL OR id < $1) ORDER BY id DESC LIMIT $2")
    .bind::<Nullable<BigInt>, _>(after)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    let dead = |row: DeadRow| DeadJob {
        id: row.id,
        kind: row.kind,
        organisation_id: Some(row.org_id).filter(|org| !org.is_nil()),
        payload: row.payload,
        attempts: row.attempts,
        last_error: row.last_error,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(dead).collect())
}

/// Gives one dead job, or all of a kind, all attempts again; how many.
pub(super) async fn revive(
    conn: &mut Conn,
    id: Option<i64>,
    kind: Option<&str>,
    now: DateTime<Utc>,
) -> ApiResult<usize> {
    Ok(sql("
        UPDATE jobs SET state = 'ready', attempts = 0, run_at = $3
         WHERE state = 'dead' AND ($1 IS NULL OR id = $1) AND ($2 IS NULL OR kind = $2)")
    .bind::<Nullable<BigInt>, _>(id)
    .bind::<Nullable<Text>, _>(kind)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?)
}

/// Takes a dead job away; its kind, if there was one.
pub(super) async fn discard(conn: &mut Conn, id: i64) -> ApiResult<Option<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        kind: String,
    }
    let rows: Vec<Row> = sql("DELETE FROM jobs WHERE id = $1 AND state = 'dead' RETURNING kind")
        .bind::<BigInt, _>(id)
        .load(conn)
        .await?;
    Ok(rows.into_iter().next().map(|row| row.kind))
}
