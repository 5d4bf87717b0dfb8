//! The loop that does the work: hands on facts, runs due jobs, moves timers.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::{AsyncConnection as _, RunQueryDsl};
use futures_util::future::{Fuse, FusedFuture as _, LocalBoxFuture};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::attempt::{Ended, attempt};
use super::queue::{self, Turns};
use super::schedule::Schedule;
use super::shift::Shift;
use super::{JobContext, Registry};
use crate::db::{Conn, Db};
use crate::outbox::{self, Handed};

/// The safety net under NOTIFY.
const POLL: Duration = Duration::from_secs(1);
/// How long another process may be handing on before we look again.
const BUSY: Duration = Duration::from_millis(20);
const CHANNEL: &str = "ringside_work";

/// Works until `stop` becomes true. Needs a `LocalSet`: jobs stay on this thread.
pub async fn work(context: JobContext, registry: Arc<Registry>, mut stop: watch::Receiver<bool>) {
    let listener = tokio::task::spawn_local(listen(context.db.clone()));
    let facts = tokio::task::spawn_local(hand_on(context.clone(), Arc::clone(&registry), stop.clone()));
    let mut shift = Shift::new(context.clone(), Arc::clone(&registry));
    let mut rung = context.db.work().jobs.subscribe();
    let mut timers = tokio::time::interval(POLL);
    // The one statement of this worker that is on its way.
    let mut turn = Fuse::terminated();
    while !*stop.borrow() {
        shift.begin();
        if turn.is_terminated() && shift.is_due() {
            turn = shift.turn().boxed_local().fuse();
        }
        tokio::select! {
            answer = &mut turn, if !turn.is_terminated() => shift.take(answer),
            () = shift.end_some() => {}
            _ = rung.changed() => shift.look(),
            _ = timers.tick() => {
                shift.breathe(POLL).await;
                tick(&context, &registry, shift.running()).await;
            }
            _ = stop.changed() => {}
        }
    }
    listener.abort();
    if !turn.is_terminated() {
        shift.take(turn.await);
    }
    shift.close(Duration::from_secs(context.app.config.grace_seconds)).await;
    if facts.await.is_err() {
        tracing::error!("the dispatcher of facts had broken down");
    }
}

/// Starts the timers that are due.
async fn tick(context: &JobContext, registry: &Arc<Registry>, running: &mut JoinSet<Option<Ended>>) {
    let resting = match queue::resting_timers(&context.db).await {
        Ok(resting) => resting,
        Err(error) => return tracing::warn!(%error, "timers cannot be read"),
    };
    for (name, every, housekeeping) in HOUSEKEEPING {
        if !resting.contains(*name) && claim(context, name, &Schedule::Every(*every)).await {
            housekeeping.run(&context.db).await;
        }
    }
    for timer in &registry.timers {
        if !resting.contains(timer.name) && claim(context, timer.name, &timer.schedule).await {
            let work = keep_time(timer.name, (timer.tick)(context.clone()));
            running.spawn_local(work.map(|()| None));
        }
    }
}

async fn claim(context: &JobContext, name: &str, schedule: &Schedule) -> bool {
    let next = schedule.next(context.now(), context.app.config.time_zone);
    queue::claim_timer(&context.db, name, next, schedule.begins_at_once()).await.unwrap_or_else(|error| {
        tracing::warn!(%error, timer = name, "a timer cannot be claimed");
        false
    })
}

async fn keep_time(name: &'static str, work: LocalBoxFuture<'static, anyhow::Result<()>>) {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(timer = name, error = %format!("{error:#}"), "a timer failed"),
        Err(_) => tracing::error!(timer = name, "a timer panicked"),
    }
}

/// What the queue does for itself.
enum Housekeeping {
    ReleaseAbandoned,
    ForgetOld,
}

const HOUSEKEEPING: &[(&str, Duration, Housekeeping)] = &[
    ("release_abandoned_jobs", Duration::from_secs(5), Housekeeping::ReleaseAbandoned),
    ("forget_old", Duration::from_secs(3_600), Housekeeping::ForgetOld),
];

impl Housekeeping {
    async fn run(&self, db: &Db) {
        let done = match self {
            Self::ReleaseAbandoned => queue::release_abandoned(db).await,
            Self::ForgetOld => queue::forget_old(db).await.map(|()| 0),
        };
        match done {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "jobs of a lost worker are free again"),
            Err(error) => tracing::warn!(%error, "the queue cannot tidy up"),
        }
    }
}

/// Hands on facts as they come.
async fn hand_on(context: JobContext, registry: Arc<Registry>, mut stop: watch::Receiver<bool>) {
    let mut rung = context.db.work().facts.subscribe();
    while !*stop.borrow() {
        let mut pause = POLL;
        match outbox::dispatch(&context, &registry).await {
            Ok(Handed::On(outbox::BATCH)) => continue,
            Ok(Handed::On(_)) => {}
            // What we were told of may have come too late for those who are at it.
            Ok(Handed::Busy) => pause = BUSY,
            Err(error) => tracing::warn!(%error, "facts cannot be handed on"),
        }
        tokio::select! {
            _ = rung.changed() => {}
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Hears the processes that only serve.
async fn listen(db: Db) {
    loop {
        if let Err(error) = hear(&db).await {
            tracing::warn!(%error, "not listening to PostgreSQL; polling instead");
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn hear(db: &Db) -> anyhow::Result<()> {
    let mut conn = Conn::establish(db.url()).await?;
    diesel::sql_query(format!("LISTEN {CHANNEL}")).execute(&mut conn).await?;
    let mut notes = std::pin::pin!(conn.notifications_stream());
    while let Some(note) = notes.next().await {
        note?;
        db.work().ring();
    }
    Ok(())
}

/// In a process that does not work itself: tells those that do, at most forty times a second.
/// Not in the transaction: NOTIFY there makes all commits queue behind one lock.
pub async fn announce(db: Db) {
    let (mut facts, mut jobs) = (db.work().facts.subscribe(), db.work().jobs.subscribe());
    loop {
        let rung = tokio::select! { rung = facts.changed() => rung, rung = jobs.changed() => rung };
        if rung.is_err() {
            return;
        }
        let told = db
            .statement(async |conn| {
                diesel::sql_query(format!("NOTIFY {CHANNEL}")).execute(conn).await?;
                Ok(())
            })
            .await;
        if let Err(error) = told {
            tracing::warn!(%error, "workers are not told; they will find out by polling");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// What [`drain`] did.
#[derive(Debug, Default)]
pub struct Drained {
    /// Jobs that ended well.
    pub done: usize,
    /// Kind and error of the attempts that failed.
    pub failed: Vec<(String, String)>,
}

/// For tests: hands on all facts and runs every due job, in order, until nothing is due.
pub async fn drain(context: &JobContext, registry: &Registry) -> anyhow::Result<Drained> {
    let (mut drained, mut turns) = (Drained::default(), Turns::default());
    loop {
        while !matches!(outbox::dispatch(context, registry).await?, Handed::On(0)) {}
        let jobs = queue::turn(&context.db, &[], 1, &mut turns).await?;
        let Some(job) = jobs.into_iter().next() else { return Ok(drained) };
        let kind = job.kind.clone();
        let ended = attempt(context, registry, job).await;
        match ended.outcome {
            Ok(()) => {
                queue::done(&context.db, &[ended.attempt]).await?;
                drained.done += 1;
            }
            Err(error) => drained.failed.push((kind, error)),
        }
    }
}

impl Registry {
    /// For tests: runs the timer of that name now, due or not.
    pub async fn run_timer(&self, context: &JobContext, name: &str) -> anyhow::Result<()> {
        let timer = self.timers.iter().find(|timer| timer.name == name);
        let timer = timer.ok_or_else(|| anyhow::anyhow!("there is no timer {name}"))?;
        (timer.tick)(context.clone()).await
    }
}
