//! Work done after the answer: jobs that a transaction asked for, reactions to facts, and timers.
//!
//! A job may run twice (its worker can be killed after the work and before the note that it is
//! done), so every job checks what is already true.

mod attempt;
mod desk;
mod lag;
mod queue;
mod schedule;
mod shift;
mod worker;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use chrono::{DateTime, Utc};
use domain::Fact;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Conn, Db, Tx};
use crate::error::ApiResult;
use crate::state::App;

pub use desk::configure;
pub use lag::gauges;
use schedule::Schedule;
pub use worker::{Drained, announce, drain, work};

/// One kind of work, with what it needs to know: ids, mostly.
pub trait Job: Serialize + DeserializeOwned + 'static {
    /// Its stable name in the table.
    const KIND: &'static str;
    /// How often it is tried before it is dead.
    const MAX_ATTEMPTS: i16 = 10;
    /// How much it matters: of what is due, higher goes first, and within the same the organisations take
    /// turns. Above 0 for what somebody waits for at their screen, below for what can wait for the night.
    const PRIORITY: i16 = 0;
}

/// Of these ids, those that no job of the kind names in that field of its payload: their work was lost with a job
/// that was discarded or is dead, or never asked for.
///
/// # Errors
/// The database.
pub async fn without_job<J: Job>(conn: &mut Conn, field: &str, ids: &[Uuid]) -> ApiResult<Vec<Uuid>> {
    queue::without_job(conn, J::KIND, field, ids).await
}

/// What a running job can reach.
#[derive(Clone)]
pub struct JobContext {
    /// Everything.
    pub app: web::Data<App>,
    /// The database.
    pub db: Db,
}

impl JobContext {
    /// A context over the state.
    #[must_use]
    pub fn new(app: web::Data<App>) -> Self {
        Self { db: app.db.clone(), app }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.db.now()
    }
}

/// A fact and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The organisation it happened in.
    pub org_id: Uuid,
    /// What happened.
    pub fact: Fact,
}

type Run = Arc<dyn Fn(JobContext, Value) -> LocalBoxFuture<'static, anyhow::Result<()>> + Send + Sync>;
type Tick = Arc<dyn Fn(JobContext) -> LocalBoxFuture<'static, anyhow::Result<()>> + Send + Sync>;
fn tick(f: impl AsyncFn(JobContext) -> anyhow::Result<()> + Send + Sync + 'static) -> Tick {
    let f = Arc::new(f);
    Arc::new(move |context| {
        let f = Arc::clone(&f);
        async move { f(context).await }.boxed_local()
    })
}

type React =
    Arc<dyn for<'a, 'b> Fn(&'a Told, &'a mut Tx<'b>) -> LocalBoxFuture<'a, ApiResult<()>> + Send + Sync>;
type Topics = Arc<dyn Fn(&Told) -> Vec<(String, Fact)> + Send + Sync>;

struct Timer {
    name: &'static str,
    schedule: Schedule,
    tick: Tick,
}

/// Who does what: filled once at start, by `jobs(registry)` of each area and by the wiring.
#[derive(Default)]
pub struct Registry {
    jobs: HashMap<&'static str, Run>,
    timers: Vec<Timer>,
    reactions: HashMap<&'static str, Vec<React>>,
    topics: Vec<Topics>,
}

impl Registry {
    /// Does jobs of kind `J` by `f`.
    pub fn on<J: Job>(
        &mut self,
        f: impl AsyncFn(JobContext, J) -> anyhow::Result<()> + Send + Sync + 'static,
    ) {
        let f = Arc::new(f);
        let run: Run = Arc::new(move |context, payload| {
            let f = Arc::clone(&f);
            async move { f(context, serde_json::from_value(payload)?).await }.boxed_local()
        });
        self.jobs.insert(J::KIND, run);
    }

    /// Runs `f` about every `every`, in one of all instances at a time. It takes no input: it looks
    /// for what is due and may run twice.
    pub fn every(
        &mut self,
        name: &'static str,
        every: Duration,
        f: impl AsyncFn(JobContext) -> anyhow::Result<()> + Send + Sync + 'static,
    ) {
        self.timers.push(Timer { name, schedule: Schedule::Every(every), tick: tick(f) });
    }

    /// Runs `f` when the clock on the wall shows it, in the configured time zone: `at` is a cron expression
    /// of five fields (minute, hour, day, month, weekday). In one of all instances at a time; may run twice.
    ///
    /// # Panics
    /// When `at` is no cron expression: it is written in the program.
    pub fn at(
        &mut self,
        name: &'static str,
        at: &'static str,
        f: impl AsyncFn(JobContext) -> anyhow::Result<()> + Send + Sync + 'static,
    ) {
        self.timers.push(Timer { name, schedule: Schedule::cron(at), tick: tick(f) });
    }

    /// Reacts to facts of that name (`order_paid`), in the transaction that hands them on: enqueue
    /// jobs, nothing slow.
    pub fn when(
        &mut self,
        fact: &'static str,
        f: impl for<'a, 'b> Fn(&'a Told, &'a mut Tx<'b>) -> LocalBoxFuture<'a, ApiResult<()>>
        + Send
        + Sync
        + 'static,
    ) {
        self.reactions.entry(fact).or_default().push(Arc::new(f));
    }

    /// Tells live listeners of each fact: under which topics, and what they may know of it.
    pub fn live(&mut self, f: impl Fn(&Told) -> Vec<(String, Fact)> + Send + Sync + 'static) {
        self.topics.push(Arc::new(f));
    }
}

impl Registry {
    pub(crate) fn reactions(&self, fact: &str) -> &[React] {
        self.reactions.get(fact).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn topics(&self, told: &Told) -> Vec<(String, Fact)> {
        self.topics.iter().flat_map(|topics| topics(told)).collect()
    }
}
