//! Bytes kept for a while. In process by default, in Redis when there is one; a Redis that does not
//! answer is a miss, never an error.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use moka::Expiry;
use moka::future::Cache as Moka;

use crate::redis::Redis;

/// The cache. Cheap to clone.
#[derive(Clone)]
pub struct Cache(Backend);

#[derive(Clone)]
enum Backend {
    Local(Moka<String, Arc<Entry>>),
    Redis(Redis),
}

struct Entry {
    bytes: Bytes,
    ttl: Duration,
}

struct OwnTtl;

impl Expiry<String, Arc<Entry>> for OwnTtl {
    fn expire_after_create(&self, _: &String, entry: &Arc<Entry>, _: Instant) -> Option<Duration> {
        Some(entry.ttl)
    }
    fn expire_after_update(
        &self,
        _: &String,
        entry: &Arc<Entry>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.ttl)
    }
}

/// What the cache in the process may hold.
const MOST_BYTES: u64 = 16 << 20;

impl Cache {
    /// In Redis when given, else in the process, up to 16 MiB.
    #[must_use]
    pub fn new(redis: Option<Redis>) -> Self {
        Self(match redis {
            Some(redis) => Backend::Redis(redis),
            None => Backend::Local(
                Moka::builder()
                    .max_capacity(MOST_BYTES)
                    .weigher(|key: &String, entry: &Arc<Entry>| {
                        u32::try_from(key.len() + entry.bytes.len()).unwrap_or(u32::MAX)
                    })
                    .expire_after(OwnTtl)
                    .build(),
            ),
        })
    }

    /// What was put under `key` and has not expired.
    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match &self.0 {
            Backend::Local(moka) => moka.get(key).await.map(|entry| entry.bytes.clone()),
            Backend::Redis(redis) => match redis.get(key).await {
                Ok(found) => found.map(Bytes::from),
                Err(error) => {
                    tracing::warn!(%error, "cache miss: Redis does not answer");
                    None
                }
            },
        }
    }

    /// Keeps `bytes` under `key` for `ttl`.
    pub async fn put(&self, key: &str, bytes: Bytes, ttl: Duration) {
        match &self.0 {
            Backend::Local(moka) => moka.insert(key.to_owned(), Arc::new(Entry { bytes, ttl })).await,
            Backend::Redis(redis) => {
                if let Err(error) = redis.put(key, &bytes, ttl).await {
                    tracing::warn!(%error, "not cached: Redis does not answer");
                }
            }
        }
    }

    /// Forgets `key`.
    pub async fn remove(&self, key: &str) {
        match &self.0 {
            Backend::Local(moka) => moka.invalidate(key).await,
            Backend::Redis(redis) => {
                if let Err(error) = redis.remove(key).await {
                    tracing::warn!(%error, "not forgotten: Redis does not answer");
                }
            }
        }
    }
}
