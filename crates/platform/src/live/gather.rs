//! Messages of one room that follow each other closely are told together: one frame after the other in one piece,
//! so that a busy room costs one write for each socket and not one for each message and socket. The first is told
//! at once; who looks at a page does not see the delay of those after it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::{Bytes, BytesMut};
use serde_json::Value;

use super::frame;
use super::hub::Hub;
use super::line::Kind;

/// For how long after it was told something a room gathers what comes. A page that then asks gets an answer younger
/// than that, so it need not ask twice: it sees what changed within a quarter of a second.
const GATHER_FOR: Duration = Duration::from_millis(180);
/// Messages that are gathered at most: a line holds several such batches.
const MOST_GATHERED: usize = 64;

/// What a room gathers.
#[derive(Default)]
pub(super) struct Gathered {
    told_at: Option<Instant>,
    messages: Vec<(u64, Arc<Value>)>,
    frames: BytesMut,
    /// Whether the next figures replace all of it.
    samples_only: bool,
}

/// What a room is told in one piece.
pub(super) struct Batch {
    /// The frames, one after the other, as told under the room's own name.
    pub frames: Bytes,
    pub kind: Kind,
    messages: Vec<(u64, Arc<Value>)>,
}

impl Gathered {
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Takes one more message in, with its frame.
    pub(super) fn take_in(&mut self, number: u64, fact: Arc<Value>, kind: Kind, frame: &[u8]) {
        self.samples_only = kind == Kind::Sample && (self.is_empty() || self.samples_only);
        self.messages.push((number, fact));
        self.frames.extend_from_slice(frame);
    }

    /// When all of it is to be told.
    pub(super) fn due(&self) -> Instant {
        self.told_at.map_or_else(Instant::now, |told| told + GATHER_FOR)
    }

    /// Whether it is to be told now.
    pub(super) fn is_time(&self, now: Instant) -> bool {
        self.messages.len() >= MOST_GATHERED || self.told_at.is_none_or(|told| now >= told + GATHER_FOR)
    }

    /// Takes all of it out; none when there is nothing.
    pub(super) fn batch(&mut self, now: Instant) -> Option<Batch> {
        if self.is_empty() {
            return None;
        }
        self.told_at = Some(now);
        let kind = if self.samples_only { Kind::Sample } else { Kind::Fact };
        // A quiet room keeps no memory for a busy moment.
        let frames = std::mem::take(&mut self.frames).freeze();
        Some(Batch { frames, kind, messages: std::mem::take(&mut self.messages) })
    }
}

impl Batch {
    pub(super) fn count(&self) -> usize {
        self.messages.len()
    }

    /// The frames as told under another name of the room.
    pub(super) fn said_of(&self, topic: &str, position: impl Fn(u64) -> String) -> Bytes {
        let mut frames = BytesMut::new();
        for (number, fact) in &self.messages {
            frames.extend_from_slice(&frame::changed(topic, &position(*number), fact));
        }
        frames.freeze()
    }
}

/// Rooms that gather, in the order in which their time comes.
#[derive(Default)]
pub(super) struct Due(VecDeque<(Instant, Arc<str>)>);

impl Due {
    pub(super) fn add(&mut self, at: Instant, room: Arc<str>) {
        self.0.push_back((at, room));
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.0.front().map(|(at, _)| *at)
    }

    /// The next room whose time has come.
    pub(super) fn take(&mut self, now: Instant) -> Option<Arc<str>> {
        let due = self.next().is_some_and(|at| at <= now);
        due.then(|| self.0.pop_front()).flatten().map(|(_, room)| room)
    }
}

/// Tells rooms what they gathered, when it is time, for ever.
pub(crate) async fn keep(hub: &Hub) {
    loop {
        let Some(due) = hub.next_due() else {
            hub.gathering.notified().await;
            continue;
        };
        tokio::time::sleep_until(due.into()).await;
        hub.hand_out(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn number(number: u64) -> (u64, Arc<Value>) {
        (number, Arc::new(json!(number)))
    }

    fn take_in(gathered: &mut Gathered, n: u64, kind: Kind) {
        let (n, fact) = number(n);
        gathered.take_in(n, fact, kind, format!("<{n}>").as_bytes());
    }

    #[test]
    fn the_first_is_told_at_once_and_those_after_it_together() {
        let (mut gathered, begun) = (Gathered::default(), Instant::now());
        take_in(&mut gathered, 1, Kind::Fact);
        assert!(gathered.is_time(begun));
        assert_eq!(&gathered.batch(begun).unwrap().frames[..], b"<1>");

        take_in(&mut gathered, 2, Kind::Sample);
        take_in(&mut gathered, 3, Kind::Fact);
        assert!(!gathered.is_time(begun + GATHER_FOR / 2));
        assert_eq!(gathered.due(), begun + GATHER_FOR);
        assert!(gathered.is_time(begun + GATHER_FOR));
        let batch = gathered.batch(begun + GATHER_FOR).unwrap();
        assert_eq!((&batch.frames[..], batch.count(), batch.kind), (&b"<2><3>"[..], 2, Kind::Fact));
        assert!(gathered.batch(begun + GATHER_FOR).is_none());
    }

    #[test]
    fn figures_alone_may_give_way_and_too_many_do_not_wait() {
        let (mut gathered, begun) = (Gathered::default(), Instant::now());
        take_in(&mut gathered, 1, Kind::Fact);
        gathered.batch(begun);
        for n in 2..=MOST_GATHERED as u64 + 1 {
            assert!(!gathered.is_time(begun), "{n}");
            take_in(&mut gathered, n, Kind::Sample);
        }
        assert!(gathered.is_time(begun));
        assert_eq!(gathered.batch(begun).unwrap().kind, Kind::Sample);
    }

    #[test]
    fn a_room_that_was_told_early_is_passed_over() {
        let (mut due, now) = (Due::default(), Instant::now());
        due.add(now, "a".into());
        due.add(now + GATHER_FOR, "b".into());
        assert_eq!(due.next(), Some(now));
        assert_eq!(due.take(now).as_deref(), Some("a"));
        assert_eq!(due.take(now), None);
        assert_eq!(due.take(now + GATHER_FOR).as_deref(), Some("b"));
    }
}
