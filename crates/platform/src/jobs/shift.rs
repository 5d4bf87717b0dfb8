//! The jobs a worker has: those that run, a few taken ahead, and those that ended and are not noted yet.
//!
//! One statement at a time notes all that ended since the last and takes what there is room for: a lone job
//! is noted at once, many share one wait for the disk.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::attempt::{Ended, attempt};
use super::queue::{self, Attempt, Taken, Turns};
use super::{JobContext, Registry};
use crate::error::ApiResult;

/// What is taken ahead is begun in about this time, or it is not taken ahead: meanwhile others cannot have it,
/// and what matters more waits behind it.
const AHEAD: Duration = Duration::from_millis(50);
/// The most that are taken ahead.
const MOST_AHEAD: usize = 48;

/// What waited longer than half its lease in the stock is not begun: another worker might have it soon.
const STALE: Duration = Duration::from_secs(queue::LEASE.num_seconds() as u64 / 2);

/// How a statement ended: what it was to note, what it was to take at most, whose turns are over.
pub(super) struct Answer {
    noted: Vec<Attempt>,
    most: usize,
    turns: Turns,
    taken: ApiResult<Vec<Taken>>,
}

pub(super) struct Shift {
    context: JobContext,
    registry: Arc<Registry>,
    /// Jobs, and timers, which end as `None`.
    running: JoinSet<Option<Ended>>,
    in_hand: HashMap<i64, Attempt>,
    /// Taken ahead, in the order in which they begin, and when.
    stock: VecDeque<(Instant, Taken)>,
    /// Ended well and not noted yet.
    ended: Vec<Attempt>,
    /// Not to be ended here: to be handed back.
    astray: Vec<Attempt>,
    turns: Turns,
    /// Whether something may be due that nobody has taken.
    looks: bool,
    /// Whether PostgreSQL failed us just now: then it is left alone until the next breath.
    rests: bool,
    /// When the last statement was sent, and how many jobs ended since.
    asked: Instant,
    ended_since: u32,
}

impl Shift {
    pub fn new(context: JobContext, registry: Arc<Registry>) -> Self {
        let now = Instant::now();
        Self {
            context,
            registry,
            running: JoinSet::new(),
            in_hand: HashMap::new(),
            stock: VecDeque::new(),
            ended: Vec::new(),
            astray: Vec::new(),
            turns: Turns::default(),
            looks: true,
            rests: false,
            asked: now,
            ended_since: 0,
        }
    }

    /// What runs: timers run beside the jobs.
    pub fn running(&mut self) -> &mut JoinSet<Option<Ended>> {
        &mut self.running
    }

    /// Begins what was taken ahead while there is room.
    pub fn begin(&mut self) {
        while self.in_hand.len() < self.context.app.config.workers {
            let Some((taken, job)) = self.stock.pop_front() else { return };
            if taken.elapsed() > STALE {
                self.astray.push(job.attempt());
                continue;
            }
            self.in_hand.insert(job.id, job.attempt());
            let (context, registry) = (self.context.clone(), Arc::clone(&self.registry));
            self.running.spawn_local(async move { Some(attempt(&context, &registry, job).await) });
        }
    }

    /// Something may be due.
    pub fn look(&mut self) {
        self.looks = true;
    }

    /// Whether a statement is to be sent.
    pub fn is_due(&self) -> bool {
        !self.rests && (!self.ended.is_empty() || (self.looks && self.room() > 0))
    }

    /// How many jobs there is room for: as many as can begin at once, and what those that run will have made
    /// room for very soon, if they go on as they did since the last statement.
    fn room(&self) -> usize {
        // One that ended right after a statement says little of how fast they go.
        let since = self.asked.elapsed().max(AHEAD / 10);
        let soon = f64::from(self.ended_since) * AHEAD.as_secs_f64() / since.as_secs_f64();
        let most = self.context.app.config.workers + (soon as usize).min(MOST_AHEAD);
        most.saturating_sub(self.in_hand.len() + self.stock.len())
    }

    /// Notes what ended and takes what there is room for.
    pub fn turn(&mut self) -> impl Future<Output = Answer> + use<> {
        let most = self.room();
        let noted = std::mem::take(&mut self.ended);
        let mut turns = std::mem::take(&mut self.turns);
        (self.looks, self.asked, self.ended_since) = (false, Instant::now(), 0);
        let db = self.context.db.clone();
        async move {
            let taken = queue::turn(&db, &noted, most, &mut turns).await;
            Answer { noted, most, turns, taken }
        }
    }

    /// Puts away what the statement brought.
    pub fn take(&mut self, answer: Answer) {
        self.turns = answer.turns;
        match answer.taken {
            Ok(jobs) => {
                // Where so many came, more may be waiting.
                self.looks |= jobs.len() == answer.most;
                let now = Instant::now();
                self.stock.extend(jobs.into_iter().map(|job| (now, job)));
                self.stock.make_contiguous().sort_by_key(|(_, job)| Reverse(job.priority));
            }
            Err(error) => {
                tracing::warn!(%error, "jobs cannot be taken");
                self.ended.extend(answer.noted);
                (self.looks, self.rests) = (true, true);
            }
        }
    }

    /// Waits until something ends; all that has ended by then is put aside. For ever, when nothing runs.
    pub async fn end_some(&mut self) {
        match self.running.join_next().await {
            Some(ended) => self.put_aside(ended.ok().flatten()),
            None => std::future::pending().await,
        }
        while let Some(ended) = self.running.try_join_next() {
            self.put_aside(ended.ok().flatten());
        }
    }

    fn put_aside(&mut self, ended: Option<Ended>) {
        let Some(Ended { attempt, outcome, noted }) = ended else { return };
        self.in_hand.remove(&attempt.id);
        self.ended_since = self.ended_since.saturating_add(1);
        self.looks = true;
        if outcome.is_ok() {
            self.ended.push(attempt);
        } else if !noted {
            self.astray.push(attempt);
        }
    }

    /// Now and then: looks for what became due meanwhile, tries a PostgreSQL that failed again, and hands back
    /// what was taken ahead and did not begin within `late` after all.
    pub async fn breathe(&mut self, late: Duration) {
        (self.looks, self.rests) = (true, false);
        self.stock.retain(|(taken, job)| {
            let goes = taken.elapsed() > late;
            if goes {
                self.astray.push(job.attempt());
            }
            !goes
        });
        self.hand_back().await;
    }

    /// What goes astray is for others to do, at once. What cannot be handed back is kept for the next time.
    async fn hand_back(&mut self) {
        if self.astray.is_empty() {
            return;
        }
        match queue::hand_back(&self.context.db, &self.astray).await {
            Ok(count) => {
                tracing::info!(count, "jobs that cannot be ended here in time are handed back");
                self.astray.clear();
            }
            Err(error) => tracing::warn!(%error, "jobs cannot be handed back yet"),
        }
    }

    /// Ends: what was not begun is handed back, and so is what does not end within `grace`.
    pub async fn close(mut self, grace: Duration) {
        self.astray.extend(self.stock.drain(..).map(|(_, job)| job.attempt()));
        self.hand_back().await;
        let until = tokio::time::Instant::now() + grace;
        while !self.running.is_empty() && tokio::time::timeout_at(until, self.end_some()).await.is_ok() {
            self.note_ended().await;
        }
        self.running.abort_all();
        while let Some(ended) = self.running.join_next().await {
            self.put_aside(ended.ok().flatten());
        }
        self.note_ended().await;
        self.astray.extend(self.in_hand.values());
        self.hand_back().await;
    }

    /// Notes what ended. What cannot be noted is kept for the next time.
    async fn note_ended(&mut self) {
        if self.ended.is_empty() {
            return;
        }
        match queue::done(&self.context.db, &self.ended).await {
            Ok(()) => self.ended.clear(),
            Err(error) => tracing::warn!(%error, "how jobs ended cannot be noted yet"),
        }
    }
}
