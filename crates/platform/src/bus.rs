//! Messages to whoever listens just now: live pages. In process by default; over Redis between
//! instances. A Redis that is away costs other instances the message, never this one.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::redis::Redis;

/// Messages a slow listener may be behind before it is told so.
const BACKLOG: usize = 4_096;
const CHANNEL: &str = "ringside:bus";

/// Something told under a topic.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// `event:<id>`, `order:<id>`, `sales:<event id>`.
    pub topic: String,
    /// What is told.
    pub data: Value,
    /// Which instance told it.
    from: Uuid,
}

/// The bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    id: Uuid,
    local: broadcast::Sender<Arc<Message>>,
    redis: Option<Redis>,
}

impl Bus {
    /// A bus; call [`Self::relay`] once in the process when there is a Redis.
    #[must_use]
    pub fn new(redis: Option<Redis>) -> Self {
        Self { id: Uuid::now_v7(), local: broadcast::Sender::new(BACKLOG), redis }
    }

    /// Tells everybody who listens now.
    pub async fn publish(&self, topic: &str, data: &Value) {
        let message = Message { topic: topic.to_owned(), data: data.clone(), from: self.id };
        if let Some(redis) = &self.redis {
            match serde_json::to_string(&message) {
                Ok(text) => {
                    if let Err(error) = redis.publish(CHANNEL, &text).await {
                        tracing::warn!(%error, topic, "other instances were not told: Redis does not answer");
                    }
                }
                Err(error) => tracing::error!(%error, topic, "a message is not JSON"),
            }
        }
        // An error means that nobody listens.
        let _ = self.local.send(Arc::new(message));
    }

    /// Everything told from now on, of all topics.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Message>> {
        self.local.subscribe()
    }

    /// Hears other instances, for ever; comes back by itself when Redis was away.
    pub async fn relay(self) {
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
        let mut messages = pubsub.on_message();
        while let Some(message) = messages.next().await {
            let message: Message = match serde_json::from_slice(message.get_payload_bytes()) {
                Ok(message) => message,
                Err(error) => {
                    tracing::warn!(%error, "a message on the bus is not ours");
                    continue;
                }
            };
            if message.from != self.id {
                let _ = self.local.send(Arc::new(message));
            }
        }
        Ok(())
    }
}
