//! What waits for one client: bounded, so that a slow client costs little. Figures that the next one
//! replaces give way; when facts would have to, the client is told to fetch again instead.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use actix_web::web::Bytes;
use futures_util::task::AtomicWaker;

use super::counts::Counts;
use super::frame;

/// Messages that wait for a client at most, its answers not counted.
pub(super) const MOST_WAITING: usize = 256;

/// What becomes of a message when the client is slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Must be heard, or fetched.
    Fact,
    /// A figure that the next one replaces.
    Sample,
    /// The answer to a request of the client, who is not heard while the line is long.
    Answer,
}

/// The messages for one client, in order.
pub(super) struct Line {
    waiting: Mutex<Waiting>,
    client: AtomicWaker,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<(Kind, Bytes)>,
    /// Those of them that are no answers.
    told: usize,
}

impl Line {
    pub(super) fn new(counts: Arc<Counts>) -> Self {
        Self { waiting: Mutex::default(), client: AtomicWaker::new(), counts }
    }

    /// Puts a frame at the end, and wakes the client.
    pub(super) fn push(&self, kind: Kind, message: Bytes) {
        {
            let mut waiting = self.waiting();
            let before = waiting.messages.len();
            if kind != Kind::Answer && waiting.told >= MOST_WAITING && !self.make_room(&mut waiting, kind) {
                self.counts.waiting.fetch_sub((before - waiting.messages.len()) as u64, Relaxed);
                return;
            }
            waiting.told += usize::from(kind != Kind::Answer);
            waiting.messages.push_back((kind, message));
            // Wraps around when it became less.
            self.counts
                .waiting
                .fetch_add((waiting.messages.len() as u64).wrapping_sub(before as u64), Relaxed);
        }
        self.client.wake();
    }

    /// Whether so much waits that the client had better read first.
    pub(super) fn is_long(&self) -> bool {
        self.waiting().messages.len() >= MOST_WAITING
    }

    /// `false` when there is none for the message: it was a sample, or the client will fetch.
    fn make_room(&self, waiting: &mut Waiting, kind: Kind) -> bool {
        if let Some(oldest) = waiting.messages.iter().position(|(kind, _)| *kind == Kind::Sample) {
            waiting.messages.remove(oldest);
            waiting.told -= 1;
            self.counts.dropped.fetch_add(1, Relaxed);
            return true;
        }
        if kind == Kind::Sample {
            self.counts.dropped.fetch_add(1, Relaxed);
            return false;
        }
        waiting.messages.retain(|(kind, _)| *kind == Kind::Answer);
        waiting.messages.push_back((Kind::Answer, frame::behind(None)));
        waiting.told = 0;
        self.counts.behind.fetch_add(1, Relaxed);
        false
    }

    /// The next message, when there is one; otherwise `context` is woken by the next.
    pub(super) fn poll_next(&self, context: &Context<'_>) -> Poll<Bytes> {
        self.client.register(context.waker());
        let mut waiting = self.waiting();
        let Some((kind, message)) = waiting.messages.pop_front() else {
            // A burst that is over leaves nothing behind.
            if waiting.messages.capacity() > 8 {
                waiting.messages = VecDeque::new();
            }
            return Poll::Pending;
        };
        waiting.told -= usize::from(kind != Kind::Answer);
        drop(waiting);
        self.counts.waiting.fetch_sub(1, Relaxed);
        self.counts.delivered.fetch_add(1, Relaxed);
        Poll::Ready(message)
    }

    /// How many messages wait.
    pub(super) fn len(&self) -> usize {
        self.waiting().messages.len()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let left = self.len() as u64;
        self.counts.waiting.fetch_sub(left, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> (Line, Arc<Counts>) {
        let counts = Arc::<Counts>::default();
        (Line::new(Arc::clone(&counts)), counts)
    }

    fn all(line: &Line) -> Vec<Bytes> {
        let context = Context::from_waker(std::task::Waker::noop());
        let mut all = Vec::new();
        while let Poll::Ready(message) = line.poll_next(&context) {
            all.push(message);
        }
        all
    }

    fn number(number: usize) -> Bytes {
        number.to_string().into()
    }

    #[test]
    fn of_too_many_samples_the_oldest_go() {
        let (line, counts) = line();
        line.push(Kind::Fact, "fact".into());
        (0..MOST_WAITING + 9).for_each(|n| line.push(Kind::Sample, number(n)));
        let heard = all(&line);
        assert_eq!(heard.len(), MOST_WAITING);
        assert_eq!((&heard[0][..], &heard[1]), (&b"fact"[..], &number(10)));
        assert_eq!(heard[MOST_WAITING - 1], number(MOST_WAITING + 8));
        assert_eq!(counts.dropped.load(Relaxed), 10);
        assert_eq!(counts.waiting.load(Relaxed), 0);
    }

    #[test]
    fn a_sample_gives_way_to_a_fact_and_never_the_other_way_round() {
        let (line, counts) = line();
        (0..MOST_WAITING - 1).for_each(|n| line.push(Kind::Fact, number(n)));
        line.push(Kind::Sample, "old".into());
        line.push(Kind::Fact, "fact".into());
        line.push(Kind::Sample, "new".into());
        let heard = all(&line);
        assert_eq!((heard.len(), &heard[MOST_WAITING - 1][..]), (MOST_WAITING, &b"fact"[..]));
        assert_eq!((counts.dropped.load(Relaxed), counts.behind.load(Relaxed)), (2, 0));
    }

    #[test]
    fn who_would_miss_a_fact_is_told_to_fetch_and_hears_what_comes_after() {
        let (line, counts) = line();
        line.push(Kind::Answer, "answer".into());
        (0..=MOST_WAITING).for_each(|n| line.push(Kind::Fact, number(n)));
        line.push(Kind::Fact, "after".into());
        assert_eq!(all(&line), [Bytes::from("answer"), frame::behind(None), Bytes::from("after")]);
        assert_eq!((counts.behind.load(Relaxed), counts.waiting.load(Relaxed)), (1, 0));
        assert_eq!(counts.delivered.load(Relaxed), 3);
    }

    #[test]
    fn what_waits_is_counted_no_more_when_the_client_goes() {
        let (line, counts) = line();
        (0..3).for_each(|n| line.push(Kind::Fact, number(n)));
        assert_eq!((line.len(), counts.waiting.load(Relaxed)), (3, 3));
        drop(line);
        assert_eq!(counts.waiting.load(Relaxed), 0);
    }
}
