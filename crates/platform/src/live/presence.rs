//! Who is there: people by name where a topic shows them, others as a number. Each server tells the others
//! through Redis; what it tells ends by itself some seconds after the server does.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use contract::live::{LiveMessage, Present};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use super::hub::Hub;
use crate::redis::Redis;

/// How often a server says that it is there still.
pub(crate) const EVERY: Duration = Duration::from_secs(5);
/// How long it is believed.
const BELIEVED: Duration = Duration::from_secs(15);
/// Those who come together are told together.
const TOGETHER: Duration = Duration::from_millis(200);

/// Who is at one server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Here {
    /// By room: who is named there, and the room whose listeners are counted beside.
    pub people: HashMap<String, (BTreeSet<Present>, String)>,
    /// Listeners by room, where they are counted.
    pub counts: HashMap<String, u32>,
    /// Sockets open.
    pub sockets: u64,
    /// Rooms somebody listens to.
    pub rooms: u64,
}

type Seen = (BTreeSet<Present>, u32);

/// What is known of all servers.
#[derive(Default)]
pub(super) struct Presence {
    pub elsewhere: HashMap<Uuid, Here>,
    /// What was told last, by room.
    last: HashMap<String, Seen>,
}

impl Presence {
    /// Who is in the room, at all servers.
    fn seen(&self, here: &Here, room: &str) -> Seen {
        let mut people = BTreeSet::new();
        let mut guests = 0;
        let Some((_, audience)) = here.people.get(room) else { return (people, guests) };
        for server in std::iter::once(here).chain(self.elsewhere.values()) {
            people.extend(server.people.get(room).into_iter().flat_map(|(people, _)| people.iter().cloned()));
            guests += server.counts.get(audience).copied().unwrap_or(0);
        }
        (people, guests)
    }

    /// Whether the room has not been told this yet; it counts as told from now on.
    pub(super) fn is_new(&mut self, here: &Here, room: &str) -> bool {
        let seen = self.seen(here, room);
        self.last.insert(room.to_owned(), seen.clone()).is_none_or(|last| last != seen)
    }

    /// What a listener is told.
    pub(super) fn told(&self, here: &Here, room: &str, topic: &str) -> LiveMessage {
        let (people, guests) = self.seen(here, room);
        LiveMessage::Present { topic: topic.to_owned(), people: people.into_iter().collect(), guests }
    }

    pub(super) fn forget(&mut self, is_there: impl Fn(&str) -> bool) {
        self.last.retain(|room, _| is_there(room));
    }
}

/// Tells who is here and hears who is elsewhere, for ever. `say` is called now and then, and with `true` when
/// the other servers should look.
pub(crate) async fn keep(hub: &Hub, redis: Option<&Redis>, say: impl AsyncFn(bool)) {
    let mut said = Here::default();
    let mut heard = Instant::now();
    loop {
        let next = Instant::now() + EVERY;
        let is_time = timeout_at(next, hub.moved.notified()).await.is_err();
        sleep(if is_time { Duration::ZERO } else { TOGETHER }).await;
        hub.tidy();
        let Some(redis) = redis else {
            hub.compare(HashMap::new());
            continue;
        };
        let here = Here { sockets: hub.sockets(), ..hub.here() };
        let others = exchange(redis, hub.id(), &here).await;
        match others {
            Ok(others) => {
                heard = Instant::now();
                hub.compare(others);
            }
            Err(error) => {
                tracing::debug!(%error, "who is at other servers is not known: Redis does not answer");
                let elsewhere = hub.elsewhere();
                hub.compare(if heard.elapsed() < BELIEVED { elsewhere } else { HashMap::new() });
            }
        }
        let changed = here.people != said.people || here.counts != said.counts;
        said = here;
        if is_time || changed {
            say(changed).await;
        }
    }
}

/// Says who is here, and hears who is at the other servers.
async fn exchange(redis: &Redis, id: Uuid, here: &Here) -> anyhow::Result<HashMap<Uuid, Here>> {
    let all = redis.tell_presence(&id.to_string(), &serde_json::to_string(here)?, BELIEVED).await?;
    let mut others = HashMap::new();
    for (name, text) in all {
        match (name.parse(), serde_json::from_str(&text)) {
            (Ok(other), Ok(here)) if other != id => drop(others.insert(other, here)),
            (Ok(_), Ok(_)) => {}
            _ => tracing::warn!(name, "who is at a server is not understood"),
        }
    }
    Ok(others)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(names: &[&str], guests: u32) -> Here {
        let people = names
            .iter()
            .enumerate()
            .map(|(n, name)| Present { name: (*name).to_owned(), id: Uuid::from_u128(n as u128) });
        Here {
            people: HashMap::from([("staff:1".to_owned(), (people.collect(), "event:1".to_owned()))]),
            counts: HashMap::from([("event:1".to_owned(), guests)]),
            ..Here::default()
        }
    }

    #[test]
    fn people_at_several_servers_are_named_once_and_guests_are_counted_together() {
        let mut presence = Presence::default();
        presence.elsewhere.insert(Uuid::nil(), here(&["Ann", "Bo"], 3));
        let LiveMessage::Present { people, guests, .. } = presence.told(&here(&["Ann"], 4), "staff:1", "s")
        else {
            panic!("who is present is told")
        };
        assert_eq!(people.iter().map(|person| &*person.name).collect::<Vec<_>>(), ["Ann", "Bo"]);
        assert_eq!(guests, 7);
    }

    #[test]
    fn what_was_told_is_not_told_again() {
        let mut presence = Presence::default();
        let here = here(&["Ann"], 0);
        assert!(presence.is_new(&here, "staff:1"));
        assert!(!presence.is_new(&here, "staff:1"));
        presence.elsewhere.insert(Uuid::nil(), self::here(&[], 1));
        assert!(presence.is_new(&here, "staff:1"), "somebody came elsewhere");
        presence.elsewhere.clear();
        assert!(presence.is_new(&here, "staff:1"), "and went");
    }
}
