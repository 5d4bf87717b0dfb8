//! What a transaction keeps aside and writes in one statement just before it ends: facts, jobs, the
//! answer to an idempotent request, and notes for the audit log. What a request asks for has facts, notes
//! and an answer, what a job does facts only; each table a statement names costs time even when nothing goes into it.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Binary, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::new_id;
use serde_json::Value;
use uuid::Uuid;

use super::{Conn, sql};
use crate::audit::{Change, Origin};
use crate::error::ApiResult;
use crate::idempotency::Key;

#[derive(Default)]
pub(super) struct Aside {
    pub facts: Vec<(Uuid, Value)>,
    pub jobs: Vec<NewJob>,
    pub answer: Option<NewAnswer>,
    pub changes: Vec<Change>,
}

pub(super) struct NewJob {
    pub org: Uuid,
    pub kind: &'static str,
    pub priority: i16,
    pub payload: Value,
    pub max_attempts: i16,
    pub run_at: DateTime<Utc>,
}

pub(super) struct NewAnswer {
    pub key: Key,
    pub status: i16,
    /// Sealed.
    pub sealed: Vec<u8>,
    pub about: Option<Uuid>,
}

impl Aside {
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.jobs.is_empty() && self.answer.is_none() && self.changes.is_empty()
    }

    /// Sends the smallest statement that writes all of it.
    pub async fn write(self, conn: &Conn, now: DateTime<Utc>, origin: Option<&Origin>) -> ApiResult<()> {
        match (&self.answer, self.jobs.is_empty(), self.changes.is_empty()) {
            (None, true, true) => self.write_facts(conn, now).await,
            (Some(answer), true, true) => self.write_facts_and_answer(conn, now, answer).await,
            (_, true, false) => self.write_notes(conn, now, origin).await,
            (_, false, _) => self.write_all(conn, now, origin).await,
        }
    }

    fn facts(&self) -> (Vec<Uuid>, Vec<&Value>) {
        self.facts.iter().map(|(org, fact)| (*org, fact)).unzip()
    }

    async fn write_facts(&self, mut conn: &Conn, now: DateTime<Utc>) -> ApiResult<()> {
        let (orgs, facts) = self.facts();
        sql("INSERT INTO outbox (org_id, fact, created_at)
             SELECT org_id, fact, $1 FROM unnest($2, $3) AS told (org_id, fact)")
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(orgs)
        .bind::<Array<Jsonb>, _>(facts)
        .execute(&mut conn)
        .await?;
        Ok(())
    }

    async fn write_facts_and_answer(
        &self,
        mut conn: &Conn,
        now: DateTime<Utc>,
        answer: &NewAnswer,
    ) -> ApiResult<()> {
        let (orgs, facts) = self.facts();
        sql("WITH told AS (
                 INSERT INTO outbox (org_id, fact, created_at)
                 SELECT org_id, fact, $1 FROM unnest($2, $3) AS told (org_id, fact)
             )
             INSERT INTO idempotency_keys (actor_key, key, fingerprint, status, answer, about, created_at)
             VALUES ($4, $5, $6, $7, $8, $9, $1)")
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(orgs)
        .bind::<Array<Jsonb>, _>(facts)
        .bind::<Text, _>(answer.key.actor.as_str())
        .bind::<Text, _>(answer.key.key.as_str())
        .bind::<Binary, _>(&answer.key.fingerprint[..])
        .bind::<SmallInt, _>(answer.status)
        .bind::<Binary, _>(&answer.sealed[..])
        .bind::<Nullable<SqlUuid>, _>(answer.about)
        .execute(&mut conn)
        .await?;
        Ok(())
    }

    /// All but jobs: what nearly every request writes.
    async fn write_notes(
        &self,
        mut conn: &Conn,
        now: DateTime<Utc>,
        origin: Option<&Origin>,
    ) -> ApiResult<()> {
        let (orgs, facts) = self.facts();
        let (changes, answer) = (&self.changes, self.answer.as_ref());
        sql(WRITE_NOTES)
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(orgs)
            .bind::<Array<Jsonb>, _>(facts)
            .bind::<Nullable<Text>, _>(answer.map(|answer| answer.key.actor.as_str()))
            .bind::<Nullable<Text>, _>(answer.map(|answer| answer.key.key.as_str()))
            .bind::<Nullable<Binary>, _>(answer.map(|answer| &answer.key.fingerprint[..]))
            .bind::<Nullable<SmallInt>, _>(answer.map(|answer| answer.status))
            .bind::<Nullable<Binary>, _>(answer.map(|answer| &answer.sealed[..]))
            .bind::<Array<SqlUuid>, _>(changes.iter().map(|_| new_id()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(changes.iter().map(|it| it.org).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(changes.iter().map(|it| it.action.as_ref()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(changes.iter().map(|it| it.subject).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(
                changes.iter().map(|it| it.before.as_ref()).collect::<Vec<_>>(),
            )
            .bind::<Array<Nullable<Jsonb>>, _>(changes.iter().map(|it| it.after.as_ref()).collect::<Vec<_>>())
            .bind::<Text, _>(origin.map_or("system", |origin| origin.kind.name()))
            .bind::<Nullable<SqlUuid>, _>(origin.and_then(|origin| origin.actor))
            .bind::<Nullable<Text>, _>(origin.and_then(|origin| origin.ip).map(|ip| ip.to_string()))
            .bind::<Text, _>(origin.map_or("", |origin| origin.request_id.as_str()))
            .bind::<Nullable<SqlUuid>, _>(origin.and_then(|origin| origin.session))
            .bind::<Nullable<SqlUuid>, _>(answer.and_then(|answer| answer.about))
            .execute(&mut conn)
            .await?;
        Ok(())
    }

    async fn write_all(&self, mut conn: &Conn, now: DateTime<Utc>, origin: Option<&Origin>) -> ApiResult<()> {
        let (orgs, facts) = self.facts();
        let (jobs, changes, answer) = (&self.jobs, &self.changes, self.answer.as_ref());
        sql(WRITE_ALL)
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(orgs)
            .bind::<Array<Jsonb>, _>(facts)
            .bind::<Array<Text>, _>(jobs.iter().map(|job| job.kind).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(jobs.iter().map(|job| &job.payload).collect::<Vec<_>>())
            .bind::<Array<SmallInt>, _>(jobs.iter().map(|job| job.max_attempts).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(jobs.iter().map(|job| job.run_at).collect::<Vec<_>>())
            .bind::<Nullable<Text>, _>(answer.map(|answer| answer.key.actor.as_str()))
            .bind::<Nullable<Text>, _>(answer.map(|answer| answer.key.key.as_str()))
            .bind::<Nullable<Binary>, _>(answer.map(|answer| &answer.key.fingerprint[..]))
            .bind::<Nullable<SmallInt>, _>(answer.map(|answer| answer.status))
            .bind::<Nullable<Binary>, _>(answer.map(|answer| &answer.sealed[..]))
            .bind::<Array<SqlUuid>, _>(changes.iter().map(|_| new_id()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(changes.iter().map(|change| change.org).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(changes.iter().map(|change| change.action.as_ref()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(changes.iter().map(|it| it.subject).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(
                changes.iter().map(|it| it.before.as_ref()).collect::<Vec<_>>(),
            )
            .bind::<Array<Nullable<Jsonb>>, _>(changes.iter().map(|it| it.after.as_ref()).collect::<Vec<_>>())
            .bind::<Text, _>(origin.map_or("system", |origin| origin.kind.name()))
            .bind::<Nullable<SqlUuid>, _>(origin.and_then(|origin| origin.actor))
            .bind::<Nullable<Text>, _>(origin.and_then(|origin| origin.ip).map(|ip| ip.to_string()))
            .bind::<Text, _>(origin.map_or("", |origin| origin.request_id.as_str()))
            .bind::<Nullable<SqlUuid>, _>(origin.and_then(|origin| origin.session))
            .bind::<Nullable<SqlUuid>, _>(answer.and_then(|answer| answer.about))
            .bind::<Array<SqlUuid>, _>(jobs.iter().map(|job| job.org).collect::<Vec<_>>())
            .bind::<Array<SmallInt>, _>(jobs.iter().map(|job| job.priority).collect::<Vec<_>>())
            .execute(&mut conn)
            .await?;
        Ok(())
    }
}

const WRITE_NOTES: &str = "
WITH told AS (
    INSERT INTO outbox (org_id, fact, created_at)
    SELECT org_id, fact, $1 FROM unnest($2, $3) AS told (org_id, fact)
), noted AS (
    INSERT INTO audit_log (id, org_id, action, subject_id, before, after,
           actor_kind, actor_id, ip, request_id, session_id, created_at)
    SELECT id, org_id, action, subject_id, before, after, $15, $16, $17, $18, $19, $1
    FROM unnest($9, $10, $11, $12, $13, $14) AS noted (id, org_id, action, subject_id, before, after)
)
INSERT INTO idempotency_keys (actor_key, key, fingerprint, status, answer, about, created_at)
SELECT $4, $5, $6, $7, $8, $20, $1 WHERE $5 IS NOT NULL";

const WRITE_ALL: &str = "
WITH told AS (
    INSERT INTO outbox (org_id, fact, created_at)
    SELECT org_id, fact, $1 FROM unnest($2, $3) AS told (org_id, fact)
), asked AS (
    INSERT INTO jobs (kind, payload, max_attempts, run_at, org_id, priority, created_at)
    SELECT kind, payload, max_attempts, run_at, org_id, priority, $1
    FROM unnest($4, $5, $6, $7, $25, $26) AS asked (kind, payload, max_attempts, run_at, org_id, priority)
), noted AS (
    INSERT INTO audit_log (id, org_id, action, subject_id, before, after,
           actor_kind, actor_id, ip, request_id, session_id, created_at)
    SELECT id, org_id, action, subject_id, before, after, $19, $20, $21, $22, $23, $1
    FROM unnest($13, $14, $15, $16, $17, $18) AS noted (id, org_id, action, subject_id, before, after)
)
INSERT INTO idempotency_keys (actor_key, key, fingerprint, status, answer, about, created_at)
SELECT $8, $9, $10, $11, $12, $24, $1 WHERE $9 IS NOT NULL";

/// Prepares the statements on a new connection: in a transaction that is undone.
pub(super) async fn prepare(conn: &mut Conn) -> ApiResult<()> {
    use diesel_async::SimpleAsyncConnection as _;
    let now = DateTime::UNIX_EPOCH;
    let key = Key { actor: String::new(), key: String::new(), fingerprint: [0; 32] };
    let answer = NewAnswer { key, status: 0, sealed: Vec::new(), about: None };
    let nothing = Aside::default();
    conn.batch_execute("BEGIN").await?;
    nothing.write_facts(conn, now).await?;
    nothing.write_facts_and_answer(conn, now, &answer).await?;
    nothing.write_notes(conn, now, None).await?;
    nothing.write_all(conn, now, None).await?;
    conn.batch_execute("ROLLBACK").await?;
    Ok(())
}
