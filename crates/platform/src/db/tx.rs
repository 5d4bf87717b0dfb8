//! An open transaction. What it emits, enqueues and answers is kept aside and written in one
//! statement just before COMMIT, so a request pays one round trip for all of it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::connection::{TransactionDepthChange, TransactionManagerStatus};
use diesel::sql_types::{Array, Binary, Json, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection, TransactionManager};
use domain::Fact;
use domain::ids::new_id;
use serde_json::Value;
use uuid::Uuid;

use super::{Conn, sql};
use crate::audit::{Change, Origin};
use crate::error::ApiResult;
use crate::idempotency::Key;
use crate::jobs::Job;

/// An open transaction; dereferences to its connection.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    now: DateTime<Utc>,
    facts: Vec<(Uuid, Value)>,
    jobs: Vec<NewJob>,
    answer: Option<NewAnswer>,
    changes: Vec<Change>,
    origin: Option<Arc<Origin>>,
}

struct NewJob {
    kind: &'static str,
    payload: Value,
    max_attempts: i16,
    run_at: DateTime<Utc>,
}

struct NewAnswer {
    key: Key,
    status: i16,
    body: Value,
}

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut Conn, now: DateTime<Utc>, origin: Option<Arc<Origin>>) -> Self {
        Self { conn, now, facts: Vec::new(), jobs: Vec::new(), answer: None, changes: Vec::new(), origin }
    }

    /// The instant this transaction stamps what it writes with; the same throughout.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Tells a fact of an organisation; heard by others once the transaction has committed.
    pub async fn emit(&mut self, org: Uuid, fact: Fact) -> ApiResult<()> {
        self.facts.push((org, serde_json::to_value(fact)?));
        Ok(())
    }

    /// Notes in the audit log what is changed here, by whom this transaction is asked for. A
    /// transaction asked for by a request that notes nothing is noted by the request's name.
    pub fn audit(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Asks for work to be done soon after the transaction has committed.
    pub async fn enqueue<J: Job>(&mut self, job: &J) -> ApiResult<()> {
        self.enqueue_at(job, self.now).await
    }

    /// Asks for work to be done at `at` or soon after.
    pub async fn enqueue_at<J: Job>(&mut self, job: &J, at: DateTime<Utc>) -> ApiResult<()> {
        self.jobs.push(NewJob {
            kind: J::KIND,
            payload: serde_json::to_value(job)?,
            max_attempts: J::MAX_ATTEMPTS,
            run_at: at,
        });
        Ok(())
    }

    pub(super) fn answer(&mut self, key: &Key, status: i16, body: Value) {
        self.answer = Some(NewAnswer { key: key.clone(), status, body });
    }

    /// Writes what was kept aside and commits; the flag tells whether there is work to do.
    pub(super) async fn commit(mut self) -> ApiResult<bool> {
        // Nothing asked for by somebody goes unnoted.
        if let (true, Some(origin)) = (self.changes.is_empty(), self.origin.as_deref()) {
            self.changes.push(Change::of_request(origin));
        }
        let rings = !self.facts.is_empty() || !self.jobs.is_empty();
        let written = if rings || self.answer.is_some() || !self.changes.is_empty() {
            self.write_aside().await
        } else {
            Ok(())
        };
        match written {
            Ok(()) => {
                self.conn.batch_execute("COMMIT").await?;
                left(self.conn);
                Ok(rings)
            }
            Err(error) => self.roll_back().await.and(Err(error)),
        }
    }

    /// Undoes everything.
    pub(super) async fn roll_back(self) -> ApiResult<()> {
        self.conn.batch_execute("ROLLBACK").await?;
        left(self.conn);
        Ok(())
    }

    async fn write_aside(&mut self) -> ApiResult<()> {
        let (orgs, facts): (Vec<Uuid>, Vec<Value>) = std::mem::take(&mut self.facts).into_iter().unzip();
        let jobs = std::mem::take(&mut self.jobs);
        let answer = self.answer.take();
        let changes = std::mem::take(&mut self.changes);
        let origin = self.origin.as_deref();
        sql(WRITE_ASIDE)
            .bind::<Timestamptz, _>(self.now)
            .bind::<Array<SqlUuid>, _>(orgs)
            .bind::<Array<Jsonb>, _>(facts)
            .bind::<Array<Text>, _>(jobs.iter().map(|job| job.kind).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(jobs.iter().map(|job| &job.payload).collect::<Vec<_>>())
            .bind::<Array<SmallInt>, _>(jobs.iter().map(|job| job.max_attempts).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(jobs.iter().map(|job| job.run_at).collect::<Vec<_>>())
            .bind::<Nullable<Text>, _>(answer.as_ref().map(|answer| answer.key.actor.as_str()))
            .bind::<Nullable<Text>, _>(answer.as_ref().map(|answer| answer.key.key.as_str()))
            .bind::<Nullable<Binary>, _>(answer.as_ref().map(|answer| &answer.key.fingerprint[..]))
            .bind::<Nullable<SmallInt>, _>(answer.as_ref().map(|answer| answer.status))
            .bind::<Nullable<Json>, _>(answer.as_ref().map(|answer| &answer.body))
            .bind::<Array<SqlUuid>, _>(changes.iter().map(|_| new_id()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(changes.iter().map(|change| change.org).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(changes.iter().map(|change| change.action.as_ref()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(
                changes.iter().map(|change| change.subject).collect::<Vec<_>>(),
            )
            .bind::<Array<Nullable<Jsonb>>, _>(
                changes.iter().map(|change| change.before.as_ref()).collect::<Vec<_>>(),
            )
            .bind::<Array<Nullable<Jsonb>>, _>(
                changes.iter().map(|change| change.after.as_ref()).collect::<Vec<_>>(),
            )
            .bind::<Text, _>(origin.map_or("system", |origin| origin.kind.name()))
            .bind::<Nullable<SqlUuid>, _>(origin.and_then(|origin| origin.actor))
            .bind::<Nullable<Text>, _>(origin.and_then(|origin| origin.ip).map(|ip| ip.to_string()))
            .bind::<Text, _>(origin.map_or("", |origin| origin.request_id.as_str()))
            .bind::<Nullable<SqlUuid>, _>(origin.and_then(|origin| origin.session))
            .execute(self.conn)
            .await?;
        Ok(())
    }
}

const WRITE_ASIDE: &str = "
WITH told AS (
    INSERT INTO outbox (org_id, fact, created_at)
    SELECT org_id, fact, $1 FROM unnest($2, $3) AS told (org_id, fact)
), asked AS (
    INSERT INTO jobs (kind, payload, max_attempts, run_at, created_at)
    SELECT kind, payload, max_attempts, run_at, $1
    FROM unnest($4, $5, $6, $7) AS asked (kind, payload, max_attempts, run_at)
), noted AS (
    INSERT INTO audit_log (id, org_id, action, subject_id, before, after,
           actor_kind, actor_id, ip, request_id, session_id, created_at)
    SELECT id, org_id, action, subject_id, before, after, $19, $20, $21, $22, $23, $1
    FROM unnest($13, $14, $15, $16, $17, $18) AS noted (id, org_id, action, subject_id, before, after)
)
INSERT INTO idempotency_keys (actor_key, key, fingerprint, status, answer, created_at)
SELECT $8, $9, $10, $11, $12, $1 WHERE $9 IS NOT NULL";

/// Tells Diesel that a transaction is open, so that a nested one becomes a savepoint.
pub(super) fn entered(conn: &mut Conn) {
    depth(conn, TransactionDepthChange::IncreaseDepth);
}

fn left(conn: &mut Conn) {
    depth(conn, TransactionDepthChange::DecreaseDepth);
}

fn depth(conn: &mut Conn, change: TransactionDepthChange) {
    let status =
        <diesel_async::AnsiTransactionManager as TransactionManager<Conn>>::transaction_manager_status_mut(
            conn,
        );
    if let TransactionManagerStatus::Valid(valid) = status {
        // Counting up from zero and down to it cannot fail.
        let _ = valid.change_transaction_depth(change);
    }
}
