//! Redis, when it is configured. Each use is short and may fail: whoever asks must go on without.

use std::time::Duration;

use anyhow::Context as _;
use deadpool_redis::{Config, Pool, Runtime, Timeouts};
use redis::{AsyncCommands as _, Script};

/// How long Redis may take before we go on without it.
const PATIENCE: Duration = Duration::from_millis(250);

/// A pool of connections to Redis. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    pool: Pool,
    url: String,
    count: Script,
}

impl Redis {
    /// A pool; connections are opened when needed.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let pool = Config::from_url(url)
            .builder()
            .context("REDIS_URL is wrong")?
            .max_size(16)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) })
            .build()?;
        // A sliding window of two halves: this minute's count and the weighted rest of the last one.
        let count = Script::new(
            r"
            local now = redis.call('TIME')
            local seconds = tonumber(now[1])
            local window = math.floor(seconds / 60)
            local into = seconds % 60
            local this = redis.call('INCR', KEYS[1] .. window)
            if this == 1 then redis.call('EXPIRE', KEYS[1] .. window, 120) end
            local last = tonumber(redis.call('GET', KEYS[1] .. (window - 1)) or '0')
            return { math.floor(this + last * (60 - into) / 60), 60 - into }
            ",
        );
        Ok(Self { pool, url: url.to_owned(), count })
    }

    /// The address, for those who need a connection of their own (`SUBSCRIBE`).
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    async fn patiently<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        tokio::time::timeout(PATIENCE, work).await.context("Redis takes too long")?
    }

    /// Whether it answers.
    pub async fn ping(&self) -> anyhow::Result<()> {
        Self::patiently(async {
            let mut conn = self.pool.get().await?;
            redis::cmd("PING").query_async::<String>(&mut conn).await?;
            Ok(())
        })
        .await
    }

    /// Counts one use of `key`; gives the uses of the last minute and the seconds until fewer.
    pub(crate) async fn count_use(&self, tier: &str, key: &str, _most: u32) -> anyhow::Result<(u32, u64)> {
        Self::patiently(async {
            let mut conn = self.pool.get().await?;
            let call = self.count.key(format!("ringside:limit:{tier}:{key}:"));
            Ok(call.invoke_async::<(u32, u64)>(&mut conn).await?)
        })
        .await
    }

    pub(crate) async fn get(&self, key: &str) -> anyhow::Result<Option<Vec<u8>>> {
        Self::patiently(async { Ok(self.pool.get().await?.get(format!("ringside:cache:{key}")).await?) })
            .await
    }

    pub(crate) async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> anyhow::Result<()> {
        Self::patiently(async {
            let mut conn = self.pool.get().await?;
            let millis = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1);
            conn.pset_ex::<_, _, ()>(format!("ringside:cache:{key}"), value, millis).await?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn remove(&self, key: &str) -> anyhow::Result<()> {
        Self::patiently(async {
            self.pool.get().await?.del::<_, ()>(format!("ringside:cache:{key}")).await?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn publish(&self, channel: &str, text: &str) -> anyhow::Result<()> {
        Self::patiently(async {
            self.pool.get().await?.publish::<_, _, ()>(channel, text).await?;
            Ok(())
        })
        .await
    }
}
