//! What every handler and every job can reach.

use std::sync::Arc;

use crate::bus::Bus;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::http::Shelf;
use crate::keys::MasterKey;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::places::Places;
use crate::redis::Redis;
use crate::threats::Threats;
use crate::uses::UseCounter;

/// The state of one process, in the app's data as `web::Data<App>`.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Live messages.
    pub bus: Bus,
    /// Bytes kept for a while.
    pub cache: Cache,
    /// Public pages, ready to send.
    pub shelf: Shelf,
    /// How often somebody may ask.
    pub limits: Arc<Limits>,
    /// Who tries to get in by force.
    pub threats: Threats,
    /// Where addresses lie.
    pub places: Places,
    /// The master key.
    pub keys: MasterKey,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// How often API keys are used.
    pub key_uses: Arc<UseCounter>,
    /// Redis, when configured.
    pub redis: Option<Redis>,
}

impl App {
    /// Puts the state together; nothing is connected yet.
    pub fn new(config: Config, database_url: &str, clock: Clock, keys: MasterKey) -> anyhow::Result<Self> {
        use secrecy::ExposeSecret as _;
        let redis = config.redis_url.as_ref().map(|url| Redis::new(url.expose_secret())).transpose()?;
        Ok(Self {
            db: Db::new(database_url, config.database_connections, clock.clone())?,
            clock,
            bus: Bus::new(redis.clone()),
            cache: Cache::new(redis.clone()),
            shelf: Shelf::new(),
            limits: Arc::new(Limits::new(&config, redis.clone())),
            threats: Threats::new(&config, redis.clone()),
            places: Places::open(config.places_file.as_deref())?,
            keys,
            metrics: Arc::default(),
            key_uses: Arc::default(),
            redis,
            config,
        })
    }

    /// Whether the caller's network is slowed down.
    #[must_use]
    pub fn suspects(&self, ip: std::net::IpAddr) -> bool {
        self.threats.suspects(&crate::network::subscriber(ip), self.clock.now())
    }

    /// The same state with a pool of its own. A connection lives on the thread that opened it, so
    /// each thread that serves or works has its own few, and public pages of its own.
    pub fn with_own_pool(&self, connections: usize) -> anyhow::Result<Self> {
        Ok(Self {
            config: self.config.clone(),
            db: self.db.with_own_pool(connections)?,
            clock: self.clock.clone(),
            bus: self.bus.clone(),
            cache: self.cache.clone(),
            shelf: Shelf::new(),
            limits: Arc::clone(&self.limits),
            threats: self.threats.clone(),
            places: self.places.clone(),
            keys: self.keys.clone(),
            metrics: Arc::clone(&self.metrics),
            key_uses: Arc::clone(&self.key_uses),
            redis: self.redis.clone(),
        })
    }
}
