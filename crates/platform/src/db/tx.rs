//! An open transaction. What it emits, enqueues and answers is kept aside and written in one
//! statement just before COMMIT, so a request pays one round trip for all of it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::connection::{TransactionDepthChange, TransactionManagerStatus};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection, TransactionManager};
use domain::Fact;
use futures_util::join;
use serde_json::Value;
use tokio::task::unconstrained;
use uuid::Uuid;

use super::aside::{Aside, NewAnswer, NewJob};
use super::{Conn, rights};
use crate::audit::{Change, Origin};
use crate::error::ApiResult;
use crate::idempotency::{self, Key, Stored};
use crate::jobs::Job;
use crate::keys::MasterKey;

/// What a transaction that has committed left behind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Left {
    /// There are facts to hand on.
    pub facts: bool,
    /// There are jobs that are due.
    pub jobs: bool,
    /// Somebody's rights may have changed.
    pub rights: bool,
}

/// An open transaction; dereferences to its connection.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    now: DateTime<Utc>,
    aside: Aside,
    origin: Option<Arc<Origin>>,
    /// Whose the work is that is asked for, and how much it matters at least.
    works_for: (Uuid, i16),
    rings: bool,
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
    pub(super) fn new(
        conn: &'a mut Conn,
        now: DateTime<Utc>,
        origin: Option<Arc<Origin>>,
        works_for: (Uuid, i16),
    ) -> Self {
        Self { conn, now, aside: Aside::default(), origin, works_for, rings: false }
    }

    /// The instant this transaction stamps what it writes with; the same throughout.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Tells a fact of an organisation; heard by others once the transaction has committed.
    pub async fn emit(&mut self, org: Uuid, fact: Fact) -> ApiResult<()> {
        self.aside.facts.push((org, serde_json::to_value(fact)?));
        Ok(())
    }

    /// Notes in the audit log what is changed here, by whom this transaction is asked for. A
    /// transaction asked for by a request that notes nothing is noted by the request's name.
    pub fn audit(&mut self, change: Change) {
        self.aside.changes.push(change);
    }

    /// The jobs asked for from now on are this organisation's; at first those of whoever's request it is.
    pub fn work_for(&mut self, org: Uuid) {
        self.works_for.0 = org;
    }

    /// There are jobs that were not asked for here: the workers are told once the transaction has committed.
    pub fn ring(&mut self) {
        self.rings = true;
    }

    /// Asks for work to be done soon after the transaction has committed.
    pub async fn enqueue<J: Job>(&mut self, job: &J) -> ApiResult<()> {
        self.enqueue_at(job, self.now).await
    }

    /// Asks for work to be done at `at` or soon after.
    pub async fn enqueue_at<J: Job>(&mut self, job: &J, at: DateTime<Utc>) -> ApiResult<()> {
        self.aside.jobs.push(NewJob {
            org: self.works_for.0,
            kind: J::KIND,
            priority: J::PRIORITY.max(self.works_for.1),
            payload: serde_json::to_value(job)?,
            max_attempts: J::MAX_ATTEMPTS,
            run_at: at,
        });
        Ok(())
    }

    /// Keeps the answer to be stored, sealed; `about` is its id, where it has one.
    pub(super) fn answer(
        &mut self,
        key: &Key,
        keys: &MasterKey,
        status: i16,
        answer: &Value,
    ) -> ApiResult<()> {
        let about = answer.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let sealed = idempotency::seal(keys, answer)?;
        self.aside.answer = Some(NewAnswer { key: key.clone(), status, sealed, about });
        Ok(())
    }

    /// Writes what was kept aside and commits.
    pub(super) async fn commit(mut self) -> ApiResult<Left> {
        // Nothing asked for by somebody goes unnoted.
        if let (true, Some(origin)) = (self.aside.changes.is_empty(), self.origin.as_deref()) {
            self.aside.changes.push(Change::of_request(origin));
        }
        let behind = Left {
            facts: !self.aside.facts.is_empty(),
            jobs: self.rings || self.aside.jobs.iter().any(|job| job.run_at <= self.now),
            rights: rights::may_concern(&self.aside.changes),
        };
        let ended = if self.aside.is_empty() {
            self.conn.batch_execute("COMMIT").await.map_err(Into::into)
        } else {
            self.write_aside_and("COMMIT").await
        };
        left(self.conn);
        ended.map(|()| behind)
    }

    /// Undoes everything, and looks for an answer stored under the key, in one round trip.
    pub(super) async fn roll_back_and_look(self, key: &Key) -> ApiResult<Option<Stored>> {
        let mut conn: &Conn = self.conn;
        let mut other = conn;
        let (undone, stored) =
            join!(conn.batch_execute("ROLLBACK"), key.lookup().get_results::<Stored>(&mut other));
        left(self.conn);
        undone?;
        Ok(stored?.pop())
    }

    /// Undoes everything.
    pub(super) async fn roll_back(self) -> ApiResult<()> {
        self.conn.batch_execute("ROLLBACK").await?;
        left(self.conn);
        Ok(())
    }

    /// Writes what was kept aside and ends the transaction, in one round trip: PostgreSQL does one after
    /// the other, and answers COMMIT by rolling back when the first has failed.
    async fn write_aside_and(&mut self, end: &str) -> ApiResult<()> {
        let aside = std::mem::take(&mut self.aside);
        let conn: &Conn = self.conn;
        let mut other = conn;
        let write = aside.write(conn, self.now, self.origin.as_deref());
        // Prepared when the connection was opened (`prepare`) and not held up by tokio's budget, the
        // statement is sent in its first poll and so before the end.
        let (written, ended) = join!(unconstrained(write), other.batch_execute(end));
        written?;
        Ok(ended?)
    }
}

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
