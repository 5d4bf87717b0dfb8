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
        // A window of 60 seconds that slides with the clock: a hash of uses by second. A use that would
        // be one too many is not counted; the answer is then -1 and the seconds until one is forgotten.
        let count = Script::new(
            r"
            local now = tonumber(redis.call('TIME')[1])
            local most = tonumber(ARGV[1])
            local used, oldest = 0, now
            local seconds = redis.call('HGETALL', KEYS[1])
            for i = 1, #seconds, 2 do
                local second = tonumber(seconds[i])
                if second <= now - 60 then
                    redis.call('HDEL', KEYS[1], seconds[i])
                else
                    used = used + tonumber(seconds[i + 1])
                    if second < oldest then oldest = second end
                end
            end
            local reset = math.max(oldest + 60 - now, 1)
            if used >= most then return { -1, reset } end
            redis.call('HINCRBY', KEYS[1], now, 1)
            redis.call('EXPIRE', KEYS[1], 60)
            return { most - used - 1, reset }
            ",
        );
        Ok(Self { pool, url: url.to_owned(), count })
    }

    /// The address, for those who need a connection of their own (`SUBSCRIBE`).
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Boxed, since it is large: a request that asks no Redis would carry it along all the same.
    fn patiently<'a, T>(
        work: impl Future<Output = anyhow::Result<T>> + 'a,
    ) -> impl Future<Output = anyhow::Result<T>> + 'a {
        let work = tokio::time::timeout(PATIENCE, Box::pin(work));
        async { work.await.context("Redis takes too long")? }
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

    /// Counts one use of `key`, unless there were `most` in the last 60 seconds; gives how many are
    /// left (-1: refused) and the seconds until there are more.
    pub(crate) async fn count_use(&self, tier: &str, key: &str, most: u32) -> anyhow::Result<(i64, u64)> {
        Self::patiently(async {
            let mut conn = self.pool.get().await?;
            let key = format!("ringside:limit:{tier}:{key}");
            Ok(self.count.key(key).arg(most).invoke_async::<(i64, u64)>(&mut conn).await?)
        })
        .await
    }

    /// Adds one try to those of the window; whether it reaches the threshold, whereupon they are forgotten.
    pub(crate) async fn count_try(
        &self,
        kind: &str,
        key: &str,
        digest: u64,
        threshold: u32,
        window: Duration,
    ) -> anyhow::Result<bool> {
        Self::patiently(async {
            let mut conn = self.pool.get().await?;
            let key = format!("ringside:threat:{kind}:{key}");
            let seconds = i64::try_from(window.as_secs()).unwrap_or(i64::MAX);
            let (added, count): (u32, u32) = redis::pipe()
                .atomic()
                .sadd(&key, digest)
                .scard(&key)
                .expire(&key, seconds)
                .ignore()
                .query_async(&mut conn)
                .await?;
            let reached = added > 0 && count == threshold;
            if reached {
                conn.del::<_, ()>(&key).await?;
            }
            Ok(reached)
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

    /// Keeps what a server says of those who are there, for as long as it is believed; what all servers say.
    pub(crate) async fn tell_presence(
        &self,
        server: &str,
        text: &str,
        believed: Duration,
    ) -> anyhow::Result<Vec<(String, String)>> {
        const SERVERS: &str = "ringside:present";
        Self::patiently(async {
            let mut conn = self.pool.get().await?;
            let key = |server: &str| format!("ringside:present:{server}");
            let millis = u64::try_from(believed.as_millis()).unwrap_or(u64::MAX);
            let (servers,): (Vec<String>,) = redis::pipe()
                .pset_ex(key(server), text, millis)
                .ignore()
                .sadd(SERVERS, server)
                .ignore()
                .smembers(SERVERS)
                .query_async(&mut conn)
                .await?;
            let keys: Vec<String> = servers.iter().map(|server| key(server)).collect();
            let texts: Vec<Option<String>> = conn.mget(keys).await?;
            let mut said = Vec::new();
            for (server, text) in servers.into_iter().zip(texts) {
                match text {
                    Some(text) => said.push((server, text)),
                    None => conn.srem::<_, _, ()>(SERVERS, server).await?,
                }
            }
            Ok(said)
        })
        .await
    }
}
