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
    pieces: VecDeque<Piece>,
    /// The messages in all pieces, answers too.
    messages: usize,
    /// Those of them that are no answers.
    told: usize,
}

/// Messages that were told together.
struct Piece {
    kind: Kind,
    messages: usize,
    frames: Bytes,
}

impl Line {
    pub(super) fn new(counts: Arc<Counts>) -> Self {
        Self { waiting: Mutex::default(), client: AtomicWaker::new(), counts }
    }

    /// Puts a frame at the end, and wakes the client.
    pub(super) fn push(&self, kind: Kind, message: Bytes) {
        self.push_all(kind, 1, message);
    }

    /// Puts the frames of so many messages at the end, and wakes the client.
    pub(super) fn push_all(&self, kind: Kind, messages: usize, frames: Bytes) {
        {
            let mut waiting = self.waiting();
            let before = waiting.messages;
            let fits = kind == Kind::Answer
                || waiting.told + messages <= MOST_WAITING
                || self.make_room(&mut waiting, kind, messages);
            if fits {
                waiting.put(Piece { kind, messages, frames });
            }
            // Wraps around when it became less.
            self.counts.waiting.fetch_add((waiting.messages as u64).wrapping_sub(before as u64), Relaxed);
            if !fits && kind == Kind::Sample {
                return;
            }
        }
        self.client.wake();
    }

    /// Whether so much waits that the client had better read first.
    pub(super) fn is_long(&self) -> bool {
        self.waiting().messages >= MOST_WAITING
    }

    /// `false` when there is none for the messages: they were samples, or the client will fetch.
    fn make_room(&self, waiting: &mut Waiting, kind: Kind, messages: usize) -> bool {
        while waiting.told + messages > MOST_WAITING
            && let Some(oldest) = waiting.pieces.iter().position(|piece| piece.kind == Kind::Sample)
        {
            let dropped = waiting.remove(oldest);
            self.counts.dropped.fetch_add(dropped as u64, Relaxed);
        }
        if waiting.told + messages <= MOST_WAITING {
            return true;
        }
        if kind == Kind::Sample {
            self.counts.dropped.fetch_add(messages as u64, Relaxed);
            return false;
        }
        waiting.pieces.retain(|piece| piece.kind == Kind::Answer);
        (waiting.messages, waiting.told) = (waiting.pieces.iter().map(|piece| piece.messages).sum(), 0);
        waiting.put(Piece { kind: Kind::Answer, messages: 1, frames: frame::behind(None) });
        self.counts.behind.fetch_add(1, Relaxed);
        false
    }

    /// The next frames, when there are any; otherwise `context` is woken by the next.
    pub(super) fn poll_next(&self, context: &Context<'_>) -> Poll<Bytes> {
        self.client.register(context.waker());
        let mut waiting = self.waiting();
        let Some(piece) = waiting.pieces.pop_front() else {
            // A burst that is over leaves nothing behind.
            if waiting.pieces.capacity() > 8 {
                waiting.pieces = VecDeque::new();
            }
            return Poll::Pending;
        };
        waiting.count_out(&piece);
        drop(waiting);
        self.counts.waiting.fetch_sub(piece.messages as u64, Relaxed);
        self.counts.delivered.fetch_add(piece.messages as u64, Relaxed);
        Poll::Ready(piece.frames)
    }

    /// How many messages wait.
    pub(super) fn len(&self) -> usize {
        self.waiting().messages
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn put(&mut self, piece: Piece) {
        self.messages += piece.messages;
        self.told += if piece.kind == Kind::Answer { 0 } else { piece.messages };
        self.pieces.push_back(piece);
    }

    /// Takes a piece out of the middle; how many messages it held.
    fn remove(&mut self, place: usize) -> usize {
        let Some(piece) = self.pieces.remove(place) else { return 0 };
        self.count_out(&piece);
        piece.messages
    }

    fn count_out(&mut self, piece: &Piece) {
        self.messages -= piece.messages;
        self.told -= if piece.kind == Kind::Answer { 0 } else { piece.messages };
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
    fn messages_told_together_count_each() {
        let (line, counts) = line();
        line.push_all(Kind::Sample, 10, "ten figures".into());
        line.push_all(Kind::Fact, MOST_WAITING - 5, "facts".into());
        assert_eq!((line.len(), counts.dropped.load(Relaxed)), (MOST_WAITING - 5, 10));
        line.push_all(Kind::Sample, 6, "six figures".into());
        assert_eq!(counts.dropped.load(Relaxed), 16, "a piece goes whole or not at all");
        line.push_all(Kind::Fact, 6, "six facts".into());
        assert_eq!(all(&line), [frame::behind(None)]);
        assert_eq!((counts.waiting.load(Relaxed), counts.delivered.load(Relaxed)), (0, 1));
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
