//! The loop that does the work: hands on facts, runs due jobs, moves timers.

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use diesel_async::{AsyncConnection as _, RunQueryDsl};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::queue::{self, Taken, Turns};
use super::schedule::Schedule;
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
    let most = context.app.config.workers;
    let mut running = JoinSet::new();
    let (in_hand, mut turns) = (InHand::default(), Turns::default());
    let mut rung = context.db.work().subscribe();
    let mut timers = tokio::time::interval(POLL);
    while !*stop.borrow() {
        // All that ended meanwhile, so that as many are taken at once.
        while running.try_join_next().is_some() {}
        if running.len() < most {
            match queue::take(&context.db, i64::try_from(most - running.len()).unwrap_or(1), &mut turns).await
            {
                Ok(jobs) => {
                    for job in jobs {
                        in_hand.borrow_mut().insert(job.id, job.attempts);
                        running.spawn_local(run(
                            context.clone(),
                            Arc::clone(&registry),
                            job,
                            in_hand.clone(),
                        ));
                    }
                }
                Err(error) => tracing::warn!(%error, "jobs cannot be taken"),
            }
        }
        tokio::select! {
            _ = timers.tick() => tick(&context, &registry, &mut running).await,
            _ = rung.changed(), if running.len() < most => {}
            Some(_) = running.join_next() => {}
            _ = stop.changed() => {}
        }
    }
    listener.abort();
    let grace = Duration::from_secs(context.app.config.grace_seconds);
    let ended = tokio::time::timeout(grace, async { while running.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        running.shutdown().await;
        hand_back(&context.db, &in_hand).await;
    }
    if facts.await.is_err() {
        tracing::error!("the dispatcher of facts had broken down");
    }
}

/// The jobs this process runs, with their attempts.
type InHand = Rc<RefCell<HashMap<i64, i16>>>;

/// What did not end in time is for others to do, at once.
async fn hand_back(db: &Db, in_hand: &InHand) {
    let jobs: Vec<_> = in_hand.borrow_mut().drain().collect();
    match queue::hand_back(db, &jobs).await {
        Ok(count) => tracing::warn!(count, "jobs that did not end in time are handed back"),
        Err(error) => {
            tracing::warn!(%error, "jobs cannot be handed back; they are free when their lease ends")
        }
    }
}

/// Starts the timers that are due.
async fn tick(context: &JobContext, registry: &Arc<Registry>, running: &mut JoinSet<()>) {
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
            running.spawn_local(keep_time(timer.name, (timer.tick)(context.clone())));
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
    ("release_abandoned_jobs", Duration::from_secs(10), Housekeeping::ReleaseAbandoned),
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

/// Runs one job and notes how it ended.
async fn run(context: JobContext, registry: Arc<Registry>, job: Taken, in_hand: InHand) {
    if let Err(error) = attempt(&context, &registry, &job).await {
        tracing::debug!(job = job.id, error, "noted");
    }
    in_hand.borrow_mut().remove(&job.id);
}

/// Runs one job and notes how it ended; gives back why it failed.
async fn attempt(context: &JobContext, registry: &Registry, job: &Taken) -> Result<(), String> {
    let outcome = match registry.jobs.get(job.kind.as_str()) {
        None => Err(format!("nobody does jobs of kind {}", job.kind)),
        Some(run) => {
            // What it asks for in turn is the same organisation's and as urgent.
            let db = context.db.working_for(job.org_id, job.priority);
            let context = JobContext { db, app: context.app.clone() };
            let work = AssertUnwindSafe(run(context.clone(), job.payload.clone())).catch_unwind();
            let renewing = renew(&context.db, job);
            tokio::select! {
                ended = work => match ended {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(format!("{error:#}")),
                    Err(_) => Err("the job panicked".to_owned()),
                },
                never = renewing => match never {},
            }
        }
    };
    let metrics = &context.app.metrics;
    let noted = match &outcome {
        Ok(()) => {
            metrics.jobs_done.fetch_add(1, Relaxed);
            queue::done(&context.db, job.id, job.attempts).await
        }
        Err(error) => {
            let dead = job.attempts >= job.max_attempts;
            let count = if dead { &metrics.jobs_dead } else { &metrics.jobs_failed };
            count.fetch_add(1, Relaxed);
            tracing::warn!(
                job = job.id,
                kind = job.kind,
                attempts = job.attempts,
                dead,
                error,
                "a job failed"
            );
            queue::failed(&context.db, job.id, job.attempts, dead, error).await
        }
    };
    if let Err(error) = noted {
        tracing::warn!(job = job.id, %error, "how a job ended cannot be noted; it will run again");
    }
    outcome
}

/// Keeps the job while it runs.
async fn renew(db: &Db, job: &Taken) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if let Err(error) = queue::renew(db, job).await {
            tracing::warn!(job = job.id, %error, "a job cannot be kept");
        }
    }
}

/// Hands on facts as they come.
async fn hand_on(context: JobContext, registry: Arc<Registry>, mut stop: watch::Receiver<bool>) {
    let mut rung = context.db.work().subscribe();
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
        db.work().send_modify(|rung| *rung = rung.wrapping_add(1));
    }
    Ok(())
}

/// In a process that does not work itself: tells those that do, at most forty times a second.
/// Not in the transaction: NOTIFY there makes all commits queue behind one lock.
pub async fn announce(db: Db) {
    let mut rung = db.work().subscribe();
    while rung.changed().await.is_ok() {
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
        let jobs = queue::take(&context.db, 1, &mut turns).await?;
        let Some(job) = jobs.into_iter().next() else { return Ok(drained) };
        match attempt(context, registry, &job).await {
            Ok(()) => drained.done += 1,
            Err(error) => drained.failed.push((job.kind, error)),
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
