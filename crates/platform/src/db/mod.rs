//! The database: a pool, and the three ways to use a connection of it.
//!
//! A connection whose use was broken off (the caller went away in the middle) is closed, never put
//! back: PostgreSQL then rolls back what it had begun.

mod aside;
mod rights;
mod sql;
mod tx;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::FutureExt as _;
use tokio::sync::watch;
use uuid::Uuid;

use crate::audit::Origin;
use crate::clock::Clock;
use crate::error::{ApiError, ApiResult};
use crate::idempotency::{Answer, Key};
use crate::keys::MasterKey;

pub use sql::{Bound, Sql, sql};
use tx::Left;
pub use tx::Tx;

/// A connection to PostgreSQL.
pub type Conn = AsyncPgConnection;

/// How often a transaction that lost to another one is tried again.
const ATTEMPTS: u32 = 6;

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    /// On whose behalf transactions run.
    origin: Option<Arc<Origin>>,
    /// Whose the jobs are that they ask for, and how much these matter at least.
    works_for: (Uuid, i16),
}

/// Rung when something was committed that somebody waits for. One bell each: a fact that is told is nothing
/// to take for the worker, and a sale tells thousands.
#[derive(Default)]
pub(crate) struct Bells {
    /// For whoever hands on facts.
    pub facts: watch::Sender<()>,
    /// For whoever takes jobs.
    pub jobs: watch::Sender<()>,
}

impl Bells {
    /// For all.
    pub fn ring(&self) {
        self.facts.send_replace(());
        self.jobs.send_replace(());
    }
}

struct Inner {
    pool: Pool<Conn>,
    url: String,
    clock: Clock,
    work: Arc<Bells>,
    rights: Arc<rights::Epoch>,
}

impl Db {
    /// A pool of at most `connections`, opened when needed.
    pub fn new(url: &str, connections: usize, clock: Clock) -> anyhow::Result<Self> {
        Self::build(url, connections, clock, Arc::default(), Arc::default())
    }

    /// Another pool to the same database; work asked for through one is heard by all, and so is a change
    /// of rights.
    pub fn with_own_pool(&self, connections: usize) -> anyhow::Result<Self> {
        let Inner { url, clock, work, rights, .. } = &*self.inner;
        Self::build(url, connections, clock.clone(), Arc::clone(work), Arc::clone(rights))
    }

    fn build(
        url: &str,
        connections: usize,
        clock: Clock,
        work: Arc<Bells>,
        rights: Arc<rights::Epoch>,
    ) -> anyhow::Result<Self> {
        let mut config = ManagerConfig::<Conn>::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| open(url).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(deadpool_redis::Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(10)))
            .build()?;
        Ok(Self {
            inner: Arc::new(Inner { pool, url: url.to_owned(), clock, work, rights }),
            origin: None,
            works_for: (Uuid::nil(), 0),
        })
    }

    /// The same pool, on behalf of a caller: what is noted in the audit log names them.
    #[must_use]
    pub(crate) fn on_behalf_of(&self, origin: Origin) -> Self {
        let works_for = (origin.org.unwrap_or_default(), 0);
        Self { inner: Arc::clone(&self.inner), origin: Some(Arc::new(origin)), works_for }
    }

    /// The same pool, for a job: the jobs it asks for are the same organisation's and matter no less.
    #[must_use]
    pub(crate) fn working_for(&self, org: Uuid, priority: i16) -> Self {
        Self { inner: Arc::clone(&self.inner), origin: self.origin.clone(), works_for: (org, priority) }
    }

    /// The clock that stamps what is written.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// The address connected to, for those who need a connection of their own (`LISTEN`).
    pub(crate) fn url(&self) -> &str {
        &self.inner.url
    }

    /// Rung when facts or jobs were committed through this pool.
    pub(crate) fn work(&self) -> &Bells {
        &self.inner.work
    }

    /// Reads, without a transaction. Independent reads can be pipelined over `&*conn`.
    pub async fn read<T>(&self, f: impl AsyncFnOnce(&mut Conn) -> ApiResult<T>) -> ApiResult<T> {
        let mut lease = self.lease().await?;
        let result = f(lease.conn()).await;
        lease.give_back();
        result
    }

    /// One statement that is atomic by itself: the hot paths, without BEGIN and COMMIT.
    pub async fn statement<T>(&self, f: impl AsyncFnOnce(&mut Conn) -> ApiResult<T>) -> ApiResult<T> {
        self.read(f).await
    }

    /// One transaction. Runs `f` again when PostgreSQL asks for it (serialisation failure 40001,
    /// deadlock 40P01), so `f` must only touch the database.
    pub async fn write<T>(&self, f: impl AsyncFn(&mut Tx<'_>) -> ApiResult<T>) -> ApiResult<T> {
        for attempt in 1.. {
            match self.attempt(&f).await {
                Err(error) if error.is_retryable() && attempt < ATTEMPTS => back_off(attempt).await,
                result => return result,
            }
        }
        unreachable!("the last attempt returns") // safe: the loop has no end
    }

    async fn attempt<T>(&self, f: &impl AsyncFn(&mut Tx<'_>) -> ApiResult<T>) -> ApiResult<T> {
        let mut lease = self.lease().await?;
        lease.conn().batch_execute("BEGIN").await?;
        tx::entered(lease.conn());
        let mut tx = Tx::new(lease.conn(), self.now(), self.origin.clone(), self.works_for);
        let done = match f(&mut tx).await {
            Ok(value) => tx.commit().await.map(|left| (value, left)),
            Err(error) => tx.roll_back().await.and(Err(error)),
        };
        let (value, left) = lease.settle(done)?;
        self.tell(left);
        Ok(value)
    }

    /// One transaction whose answer is stored under `key`; an answer already stored is given again
    /// and `f` is not run.
    pub(crate) async fn write_once<T: serde::Serialize>(
        &self,
        key: &Key,
        keys: &MasterKey,
        f: impl AsyncFn(&mut Tx<'_>) -> ApiResult<T>,
    ) -> ApiResult<Answer<T>> {
        for attempt in 1.. {
            match self.attempt_once(key, keys, &f).await {
                Err(error) if error.is_retryable() && attempt < ATTEMPTS => back_off(attempt).await,
                Err(error) if error.is_taken_key() => return self.stored_meanwhile(key, keys, error).await,
                result => return result,
            }
        }
        unreachable!("the last attempt returns") // safe: the loop has no end
    }

    async fn attempt_once<T: serde::Serialize>(
        &self,
        key: &Key,
        keys: &MasterKey,
        f: &impl AsyncFn(&mut Tx<'_>) -> ApiResult<T>,
    ) -> ApiResult<Answer<T>> {
        let mut lease = self.lease().await?;
        // Both travel in one round trip; PostgreSQL runs them in this order.
        let mut shared: &Conn = lease.conn();
        let mut other = shared;
        let (begun, stored) = futures_util::join!(
            shared.batch_execute("BEGIN"),
            key.lookup().get_results::<crate::idempotency::Stored>(&mut other)
        );
        begun?;
        tx::entered(lease.conn());
        let mut tx = Tx::new(lease.conn(), self.now(), self.origin.clone(), self.works_for);
        let done = match stored {
            Ok(mut rows) => match rows.pop() {
                Some(stored) => {
                    let replayed = key.replay(keys, &stored);
                    tx.roll_back().await.and(replayed.map(|answer| (answer, Left::default())))
                }
                None => match f(&mut tx).await {
                    Ok(value) => {
                        tx.answer(key, keys, 201, &serde_json::to_value(&value)?)?;
                        tx.commit().await.map(|left| (Answer::Fresh(value), left))
                    }
                    // It may have lost to its own twin: then the twin's answer is the answer.
                    Err(error) => match tx.roll_back_and_look(key).await? {
                        Some(twin) => key.replay(keys, &twin).map(|answer| (answer, Left::default())),
                        None => Err(error),
                    },
                },
            },
            Err(error) => tx.roll_back().await.and(Err(error.into())),
        };
        let (answer, left) = lease.settle(done)?;
        self.tell(left);
        Ok(answer)
    }

    /// The key was taken by a twin that committed first: its answer is the answer.
    async fn stored_meanwhile<T>(
        &self,
        key: &Key,
        keys: &MasterKey,
        error: ApiError,
    ) -> ApiResult<Answer<T>> {
        let stored = self
            .read(async |conn| Ok(key.lookup().get_results::<crate::idempotency::Stored>(conn).await?.pop()))
            .await?;
        match stored {
            Some(stored) => key.replay(keys, &stored),
            None => Err(error),
        }
    }

    async fn lease(&self) -> ApiResult<Lease> {
        // Boxed, since it is large, and part of whatever asks the database.
        Ok(Lease(Some(Box::pin(self.inner.pool.get()).await?)))
    }

    /// Tells the workers, here and (by `jobs::announce`) elsewhere, that there is work; and whoever
    /// remembers rights, that they may have changed.
    fn tell(&self, left: Left) {
        if left.facts {
            self.inner.work.facts.send_replace(());
        }
        if left.jobs {
            self.inner.work.jobs.send_replace(());
        }
        if left.rights {
            self.rights_changed();
        }
    }
}

/// Opens a connection of the pool.
async fn open(url: &str) -> ConnectionResult<Conn> {
    let mut conn = Conn::establish(url).await?;
    // Statements are planned once, not anew for each set of values: they all go by their keys.
    conn.batch_execute("SET plan_cache_mode = force_generic_plan")
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    match aside::prepare(&mut conn).await {
        Ok(()) => Ok(conn),
        Err(error) => Err(ConnectionError::BadConnection(format!("{error:?}"))),
    }
}

/// A connection of the pool while it is used.
struct Lease(Option<Object<Conn>>);

impl Lease {
    fn conn(&mut self) -> &mut Conn {
        self.0.as_mut().expect("held until given back") // safe: only give_back and drop take it
    }

    /// Gives the connection back after a transaction. One that failed in an unexpected way may be
    /// in any state: it is closed instead.
    fn settle<T>(self, done: ApiResult<T>) -> ApiResult<T> {
        match &done {
            Err(error) if error.is_broken_connection() => drop(self),
            _ => self.give_back(),
        }
        done
    }

    /// Puts the connection back into the pool: nothing is open on it.
    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

async fn back_off(attempt: u32) {
    let most = 4_u64 << attempt.min(6);
    let millis = rand::random_range(1..=most);
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
