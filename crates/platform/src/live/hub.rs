//! The rooms of this process: who listens to which topic. A message is encoded once and given to the
//! listeners of its room alone.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use contract::live::{LiveMessage, LiveRoom, Present};
use serde_json::Value;
use tokio::sync::Notify;
use uuid::Uuid;

use super::counts::Counts;
use super::frame;
use super::gather::{Due, Gathered};
use super::line::{Kind, Line};
use super::presence::{Here, Presence};
use super::{Entry, Shows};

/// Messages of a room that are kept for those who come back.
const KEPT: usize = 64;
/// How long a room is kept for them when the last has gone.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// Sockets of one network address at most, where limits are on: a stadium may be behind it.
const MOST_OF_ADDRESS: u32 = 2_000;
/// Rooms that statistics name at most.
const MOST_ROOMS_NAMED: usize = 50;

/// The rooms. One in each process, in its [`crate::bus::Bus`].
pub struct Hub {
    id: Uuid,
    state: Mutex<State>,
    counts: Arc<Counts>,
    /// Somebody came or went where that is shown.
    pub(super) moved: Notify,
    /// A room gathers messages.
    pub(super) gathering: Notify,
}

#[derive(Default)]
struct State {
    rooms: HashMap<Arc<str>, Room>,
    /// The number of the last message of any room, so that a room that is made anew repeats none.
    last: u64,
    /// Sockets by network address.
    addresses: HashMap<String, u32>,
    presence: Presence,
    /// Rooms that gather messages, and when each is told them.
    due: Due,
}

#[derive(Default)]
struct Room {
    listeners: Vec<Listener>,
    /// The last messages, with their numbers.
    kept: VecDeque<(u64, Arc<Value>)>,
    /// All after this number are among them.
    since: u64,
    gathered: Gathered,
    told: u64,
    empty_since: Option<Instant>,
    /// The room whose listeners are counted here, where people are named.
    audience: Option<String>,
}

struct Listener {
    line: Arc<Line>,
    /// The topic as asked, where that is not the room's name.
    name: Option<Arc<str>>,
    person: Option<Present>,
    /// Whether it is one of the number that others are told.
    is_counted: bool,
}

/// Where a socket stands among those of its address; it counts until this is dropped.
pub(super) struct Place {
    hub: Arc<Hub>,
    address: String,
}

impl Hub {
    pub(crate) fn new(id: Uuid) -> Self {
        Self {
            id,
            state: Mutex::default(),
            counts: Arc::default(),
            moved: Notify::new(),
            gathering: Notify::new(),
        }
    }

    /// A place for one more socket of the address; `None` when it has too many and they are limited.
    pub(super) fn admit(self: &Arc<Self>, address: String, limited: bool) -> Option<Place> {
        let mut state = self.state();
        let sockets = state.addresses.entry(address.clone()).or_default();
        if limited && *sockets >= MOST_OF_ADDRESS {
            self.counts.refused.fetch_add(1, Relaxed);
            return None;
        }
        *sockets += 1;
        self.counts.sockets.fetch_add(1, Relaxed);
        Some(Place { hub: Arc::clone(self), address })
    }

    pub(super) fn line(&self) -> Arc<Line> {
        Arc::new(Line::new(Arc::clone(&self.counts)))
    }

    /// Lets a client into a room and tells it so, and what it missed since it was there.
    pub(super) fn enter(&self, line: &Arc<Line>, topic: &str, entry: &Entry, since: Option<&str>) {
        let mut state = self.state();
        let State { rooms, last, presence, .. } = &mut *state;
        let room = match rooms.get_mut(entry.room.as_str()) {
            Some(room) => room,
            None => rooms
                .entry(entry.room.as_str().into())
                .or_insert_with(|| Room { since: *last, ..Room::default() }),
        };
        room.empty_since = None;
        // What is gathered is for those who are here already.
        room.hand_out(&entry.room, self);
        // What was missed first: who has heard where the topic stands now has heard that.
        if let Some(since) = since {
            self.catch_up(line, topic, room, since);
        }
        let at = Some(self.position(*last));
        let answer = LiveMessage::Subscribed { topic: topic.to_owned(), allowed: true, at, why: None };
        line.push(Kind::Answer, frame::text(&answer));
        if room.listeners.iter().any(|listener| listener.is(line, topic, &entry.room)) {
            return;
        }
        let name = (topic != entry.room).then(|| topic.into());
        let mut listener = Listener { line: Arc::clone(line), name, person: None, is_counted: false };
        match &entry.shows {
            Shows::Nothing => room.listeners.push(listener),
            Shows::Number => {
                listener.is_counted = true;
                room.listeners.push(listener);
                self.look();
            }
            Shows::People { me, audience } => {
                listener.person = Some(me.clone());
                room.audience = Some(audience.clone());
                room.listeners.push(listener);
                let here = here(rooms);
                line.push(Kind::Answer, frame::text(&presence.told(&here, &entry.room, topic)));
                self.look();
            }
        }
    }

    /// Tells again what a client missed, or that it must fetch.
    fn catch_up(&self, line: &Line, topic: &str, room: &Room, since: &str) {
        match self.number(since) {
            Some(number) if number >= room.since => {
                for (number, fact) in room.kept.iter().filter(|(kept, _)| *kept > number) {
                    line.push(Kind::Answer, frame::changed(topic, &self.position(*number), fact));
                }
            }
            _ => {
                self.counts.behind.fetch_add(1, Relaxed);
                line.push(Kind::Answer, frame::behind(Some(topic.to_owned())));
            }
        }
    }

    /// Takes a client out of a room.
    pub(super) fn leave(&self, line: &Arc<Line>, topic: &str, name: &str) {
        let mut state = self.state();
        let Some(room) = state.rooms.get_mut(name) else { return };
        let place = room.listeners.iter().position(|listener| listener.is(line, topic, name));
        let Some(left) = place.map(|place| room.listeners.swap_remove(place)) else { return };
        if left.is_counted || left.person.is_some() {
            self.look();
        }
        if room.listeners.is_empty() {
            room.listeners = Vec::new();
            room.empty_since = Some(Instant::now());
            // Where nothing was ever told there is nothing to come back to: it may be the room of nothing at all.
            if room.kept.is_empty() {
                state.rooms.remove(name);
            }
        }
    }

    /// Tells everybody in the room of that name: at once, or together with what comes shortly after.
    pub(crate) fn tell(&self, topic: &str, fact: Arc<Value>, kind: Kind) {
        let mut state = self.state();
        state.last += 1;
        let State { rooms, last, due, .. } = &mut *state;
        let Some((name, room)) =
            rooms.get_key_value(topic).map(|(name, _)| Arc::clone(name)).zip(rooms.get_mut(topic))
        else {
            return;
        };
        room.keep(*last, Arc::clone(&fact));
        if room.listeners.is_empty() {
            return;
        }
        let frame = frame::changed(topic, &self.position(*last), &fact);
        let now = Instant::now();
        let was_empty = room.gathered.is_empty();
        room.gathered.take_in(*last, fact, kind, &frame);
        if room.gathered.is_time(now) {
            room.hand_out(topic, self);
        } else if was_empty {
            due.add(room.gathered.due(), name);
            self.gathering.notify_one();
        }
    }

    /// When the next room is to be told what it gathered.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.state().due.next()
    }

    /// Tells the rooms what they gathered whose time has come.
    pub(super) fn hand_out(&self, now: Instant) {
        let mut state = self.state();
        let State { rooms, due, .. } = &mut *state;
        while let Some(name) = due.take(now) {
            if let Some(room) = rooms.get_mut(&name) {
                room.hand_out(&name, self);
            }
        }
    }

    /// Has everybody fetch everything: something may not have arrived here.
    pub(crate) fn tell_behind(&self) {
        let mut state = self.state();
        // What was missed has no number here: nobody who was away may think that there was nothing.
        state.last += 1;
        let last = state.last;
        let message = frame::behind(None);
        let mut told = std::collections::HashSet::new();
        for (name, room) in &mut state.rooms {
            room.hand_out(name, self);
            room.kept.clear();
            room.since = last;
            for listener in &room.listeners {
                if told.insert(Arc::as_ptr(&listener.line)) {
                    listener.line.push(Kind::Answer, message.clone());
                    self.counts.behind.fetch_add(1, Relaxed);
                }
            }
        }
    }

    /// Forgets rooms that nobody came back to.
    pub(super) fn tidy(&self) {
        self.state().rooms.retain(|_, room| room.empty_since.is_none_or(|since| since.elapsed() < KEPT_FOR));
    }

    /// Somebody came or went, here or elsewhere: those who are told of it will be.
    pub(crate) fn look(&self) {
        self.moved.notify_one();
    }

    /// Who is here.
    pub(super) fn here(&self) -> Here {
        here(&self.state().rooms)
    }

    /// Learns who is at other servers, and tells the rooms where people are named what is new to them.
    pub(super) fn compare(&self, elsewhere: HashMap<Uuid, Here>) {
        let mut state = self.state();
        let State { rooms, presence, .. } = &mut *state;
        presence.elsewhere = elsewhere;
        let here = here(rooms);
        for (name, room) in rooms.iter().filter(|(_, room)| room.audience.is_some()) {
            if !presence.is_new(&here, name) {
                continue;
            }
            for listener in &room.listeners {
                let topic = listener.name.as_deref().unwrap_or(name);
                listener.line.push(Kind::Sample, frame::text(&presence.told(&here, name, topic)));
            }
        }
        presence.forget(|name| rooms.contains_key(name));
    }

    /// Who is at other servers.
    pub(super) fn elsewhere(&self) -> HashMap<Uuid, Here> {
        self.state().presence.elsewhere.clone()
    }

    /// How many rooms somebody listens to.
    pub(super) fn rooms(&self) -> usize {
        self.state().rooms.values().filter(|room| !room.listeners.is_empty()).count()
    }

    /// The fullest rooms.
    pub(super) fn fullest(&self) -> Vec<LiveRoom> {
        let mut rooms: Vec<_> = self
            .state()
            .rooms
            .iter()
            .map(|(name, room)| LiveRoom {
                topic: name.to_string(),
                sockets: room.listeners.len() as u64,
                told: room.told,
            })
            .filter(|room| room.sockets > 0)
            .collect();
        rooms.sort_by(|a, b| b.sockets.cmp(&a.sockets).then_with(|| a.topic.cmp(&b.topic)));
        rooms.truncate(MOST_ROOMS_NAMED);
        rooms
    }

    /// Messages that wait for the slowest client.
    pub(super) fn longest(&self) -> usize {
        let state = self.state();
        let listeners = state.rooms.values().flat_map(|room| &room.listeners);
        listeners.map(|listener| listener.line.len()).max().unwrap_or(0)
    }

    /// Sockets that are open.
    #[must_use]
    pub fn sockets(&self) -> u64 {
        self.counts.sockets.load(Relaxed)
    }

    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The counts as text (Prometheus exposition format 0.0.4).
    #[must_use]
    pub fn render(&self) -> String {
        self.counts.render(self.rooms(), self.longest())
    }

    /// Numbers mean something to the process alone that gave them: its id comes first.
    fn position(&self, number: u64) -> String {
        format!("{:08x}-{number:x}", self.epoch())
    }

    fn number(&self, position: &str) -> Option<u64> {
        let (epoch, number) = position.split_once('-')?;
        let number = u64::from_str_radix(number, 16).ok()?;
        (u32::from_str_radix(epoch, 16) == Ok(self.epoch())).then_some(number)
    }

    /// The random end of the id.
    fn epoch(&self) -> u32 {
        self.id.as_u128() as u32
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    /// Keeps a message for those who come back.
    fn keep(&mut self, number: u64, fact: Arc<Value>) {
        self.told += 1;
        self.kept.push_back((number, fact));
        if self.kept.len() > KEPT
            && let Some((number, _)) = self.kept.pop_front()
        {
            self.since = number;
        }
    }

    /// Tells its listeners what it gathered, if anything.
    fn hand_out(&mut self, name: &str, hub: &Hub) {
        let Some(batch) = self.gathered.batch(Instant::now()) else { return };
        for listener in &self.listeners {
            let frames = match &listener.name {
                None => batch.frames.clone(),
                Some(asked) => batch.said_of(asked, |number| hub.position(number)),
            };
            listener.line.push_all(batch.kind, batch.count(), frames);
        }
        tracing::trace!(topic = name, messages = batch.count(), "a room was told");
    }
}

impl Listener {
    fn is(&self, line: &Arc<Line>, topic: &str, room: &str) -> bool {
        Arc::ptr_eq(&self.line, line) && self.name.as_deref().unwrap_or(room) == topic
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hub.counts.sockets.fetch_sub(1, Relaxed);
        let mut state = self.hub.state();
        if let Some(sockets) = state.addresses.get_mut(&self.address) {
            *sockets -= 1;
            if *sockets == 0 {
                state.addresses.remove(&self.address);
            }
        }
    }
}

fn here(rooms: &HashMap<Arc<str>, Room>) -> Here {
    let mut here = Here::default();
    for (name, room) in rooms {
        here.rooms += u64::from(!room.listeners.is_empty());
        let counted = room.listeners.iter().filter(|listener| listener.is_counted).count();
        if counted > 0 {
            here.counts.insert(name.to_string(), u32::try_from(counted).unwrap_or(u32::MAX));
        }
        if let Some(audience) = &room.audience {
            let people = room.listeners.iter().filter_map(|listener| listener.person.clone()).collect();
            here.people.insert(name.to_string(), (people, audience.clone()));
        }
    }
    here
}
