//! Messages to whoever listens just now: live pages. In process by default; over Redis between
//! instances. A Redis that is away costs other instances the message, never this one; they notice, and have
//! their clients fetch again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::live::{Hub, Kind, gather, presence};
use crate::redis::Redis;

const CHANNEL: &str = "ringside:bus";
/// For how long nothing is said to a Redis that did not answer: each try keeps those waiting who have news.
const RESTS: Duration = Duration::from_secs(1);
/// Every instance says something this often, itself too: longer silence means that Redis is not heard.
const SILENCE: Duration = presence::EVERY.saturating_mul(3);

/// What one instance says to the others.
#[derive(Debug, Serialize, Deserialize)]
struct Message {
    /// Which instance.
    from: Uuid,
    /// One more than its message before: otherwise one is missing.
    number: u64,
    said: Said,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    /// Something under a topic: `event:<id>`, `order:<id>`, `sales:<event id>`.
    Told {
        topic: String,
        data: Value,
        #[serde(default)]
        sample: bool,
    },
    /// Somebody came or went: look who is there.
    Look,
    /// The instance is there still.
    Here,
}

/// What is said to the others.
#[derive(Default)]
struct Mouth {
    /// The number of the last message.
    number: u64,
    /// Nothing is said until then: Redis did not answer.
    rests_until: Option<Instant>,
}

/// The bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    hub: Arc<Hub>,
    id: Uuid,
    /// Held while a message is sent to the others: they come in order.
    mouth: Arc<Mutex<Mouth>>,
    redis: Option<Redis>,
}

impl Bus {
    /// A bus; call [`Self::relay`] once in the process.
    #[must_use]
    pub fn new(redis: Option<Redis>) -> Self {
        let id = Uuid::now_v7();
        Self { hub: Arc::new(Hub::new(id)), id, mouth: Arc::default(), redis }
    }

    /// The rooms of this process.
    #[must_use]
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Tells everybody who listens now. A client that is too slow for it is told to fetch again.
    pub async fn publish(&self, topic: &str, data: &Value) {
        self.tell(topic, data, Kind::Fact).await;
    }

    /// Tells a figure that the next one replaces: a client that is too slow for all of them hears the last.
    pub async fn publish_sample(&self, topic: &str, data: &Value) {
        self.tell(topic, data, Kind::Sample).await;
    }

    async fn tell(&self, topic: &str, data: &Value, kind: Kind) {
        if self.redis.is_some() {
            let sample = kind == Kind::Sample;
            self.say(Said::Told { topic: topic.to_owned(), data: data.clone(), sample }).await;
        }
        self.hub.tell(topic, Arc::new(data.clone()), kind);
    }

    /// Says something to the other instances.
    async fn say(&self, said: Said) {
        let Some(redis) = &self.redis else { return };
        let mut mouth = self.mouth.lock().await;
        // A number is used up also when it does not arrive: by that the others notice.
        mouth.number += 1;
        if mouth.rests_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        mouth.rests_until = None;
        let message = Message { from: self.id, number: mouth.number, said };
        match serde_json::to_string(&message) {
            Ok(text) => {
                if let Err(error) = redis.publish(CHANNEL, &text).await {
                    tracing::warn!(%error, "other instances were not told: Redis does not answer");
                    mouth.rests_until = Some(Instant::now() + RESTS);
                }
            }
            Err(error) => tracing::error!(%error, "a message is not JSON"),
        }
    }

    /// Hears other instances, keeps who is present and tells rooms what they gathered, for ever; comes back by itself when Redis was away.
    pub async fn relay(self) {
        let say = async |moved| self.say(if moved { Said::Look } else { Said::Here }).await;
        let presence = presence::keep(&self.hub, self.redis.as_ref(), say);
        tokio::join!(self.listen(), presence, gather::keep(&self.hub));
    }

    async fn listen(&self) {
        let Some(redis) = &self.redis else { return };
        let mut pause = Duration::from_millis(100);
        loop {
            match self.hear(redis.url(), &mut pause).await {
                Ok(()) => tracing::warn!("the bus lost Redis"),
                Err(error) => tracing::warn!(%error, "the bus cannot reach Redis"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    async fn hear(&self, url: &str, pause: &mut Duration) -> anyhow::Result<()> {
        let client = redis::Client::open(url)?;
        let mut pubsub = client.get_async_pubsub().await?;
        pubsub.subscribe(CHANNEL).await?;
        *pause = Duration::from_millis(100);
        // Nobody heard what was said until now.
        self.hub.tell_behind();
        let mut heard = HashMap::new();
        let mut messages = pubsub.on_message();
        while let Some(message) =
            tokio::time::timeout(SILENCE, messages.next()).await.context("Redis says nothing")?
        {
            match serde_json::from_slice(message.get_payload_bytes()) {
                Ok(message) => self.take(message, &mut heard),
                Err(error) => tracing::warn!(%error, "a message on the bus is not ours"),
            }
        }
        Ok(())
    }

    /// Passes on what another instance says; `heard` are the numbers of their last messages.
    fn take(&self, message: Message, heard: &mut HashMap<Uuid, u64>) {
        if message.from == self.id {
            return;
        }
        let last = heard.insert(message.from, message.number);
        if last.is_some_and(|last| message.number != last + 1) {
            tracing::warn!(from = %message.from, "messages of another instance are missing");
            self.hub.tell_behind();
        }
        match message.said {
            Said::Told { topic, data, sample } => {
                self.hub.tell(&topic, Arc::new(data), if sample { Kind::Sample } else { Kind::Fact });
            }
            Said::Look => self.hub.look(),
            Said::Here => {}
        }
    }
}
