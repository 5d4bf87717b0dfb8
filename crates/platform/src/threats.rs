//! Notices attempts to get in by force, and slows them down.
//!
//! Tries are counted by kind and network (or account), each different one once within ten minutes. At
//! the threshold a row in `threats` is written, a fact told, and the network has a quarter of its
//! limits: for 15 minutes, and twice as long each further time. Loopback is never counted.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use contract::threats::ThreatKind;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use domain::Fact;
use moka::future::Cache;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::config::Config;
use crate::db::{Db, sql};
use crate::error::ApiResult;
use crate::network::subscriber;
use crate::redis::Redis;

/// How long a try is remembered.
const WINDOW: Duration = Duration::from_secs(600);
/// How long a network is slowed down the first time.
const TIGHTENED: TimeDelta = TimeDelta::minutes(15);
/// How many counters are kept in process; the least used go first.
const MOST_COUNTERS: u64 = 20_000;

type Counter = Arc<Mutex<HashSet<u64>>>;

/// What is being tried, and who is slowed down. Cheap to clone.
#[derive(Clone)]
pub struct Threats(Arc<Inner>);

struct Inner {
    thresholds: [u32; ThreatKind::ALL.len()],
    counters: Cache<(ThreatKind, String), Counter>,
    redis: Option<Redis>,
    suspects: RwLock<HashMap<String, DateTime<Utc>>>,
}

/// The threshold of each kind is a setting of its own.
const fn threshold(kind: ThreatKind, config: &Config) -> u32 {
    match kind {
        ThreatKind::Stuffing => config.threat_stuffing,
        ThreatKind::Distributed => config.threat_distributed,
        ThreatKind::Enumeration => config.threat_enumeration,
        ThreatKind::Scanning => config.threat_scanning,
        ThreatKind::TokenReplay => config.threat_token_replay,
        ThreatKind::CodeGuessing => config.threat_code_guessing,
    }
}

/// A refusal, as far as it may be part of an attempt.
pub(crate) struct Refusal<'a> {
    pub code: Option<ErrorCode>,
    pub status: StatusCode,
    pub path: &'a str,
    /// A token came with it.
    pub token: bool,
    /// The secret of an order came with it.
    pub secret: bool,
}

impl Refusal<'_> {
    /// What it may be part of, and what makes it different from another try.
    fn reads_as(&self) -> Option<(ThreatKind, String)> {
        let api = self.path.starts_with("/api/");
        let once = || Uuid::now_v7().to_string();
        match self.code {
            Some(ErrorCode::NotFound) if api && self.secret => Some((ThreatKind::CodeGuessing, once())),
            Some(ErrorCode::NotFound) if api => Some((ThreatKind::Enumeration, self.path.to_owned())),
            Some(ErrorCode::CodeAltered) => Some((ThreatKind::CodeGuessing, once())),
            Some(ErrorCode::SessionEnded) => Some((ThreatKind::TokenReplay, once())),
            Some(ErrorCode::NotSignedIn) if self.token => Some((ThreatKind::TokenReplay, once())),
            Some(code) if GUESSES.contains(&code.code()) => Some((ThreatKind::CodeGuessing, once())),
            _ if self.status == StatusCode::NOT_FOUND => Some((ThreatKind::Scanning, self.path.to_owned())),
            _ => None,
        }
    }
}

/// Refusals of codes that can be guessed.
const GUESSES: &[&str] = &["wrong_proof", "bad_signature"];

impl Threats {
    /// With the thresholds of the settings; counted in Redis when there is one.
    #[must_use]
    pub fn new(config: &Config, redis: Option<Redis>) -> Self {
        let mut thresholds = [0; ThreatKind::ALL.len()];
        for kind in ThreatKind::ALL {
            thresholds[*kind as usize] = threshold(*kind, config);
        }
        let counters = Cache::builder().max_capacity(MOST_COUNTERS).time_to_live(WINDOW).build();
        Self(Arc::new(Inner { thresholds, counters, redis, suspects: RwLock::default() }))
    }

    /// Whether the network is slowed down now.
    #[must_use]
    pub fn suspects(&self, network: &str, now: DateTime<Utc>) -> bool {
        let suspects = self.0.suspects.read().unwrap_or_else(PoisonError::into_inner);
        !suspects.is_empty() && suspects.get(network).is_some_and(|until| *until > now)
    }

    /// Takes a network off the list.
    pub fn lift(&self, network: &str) {
        self.0.suspects.write().unwrap_or_else(PoisonError::into_inner).remove(network);
    }

    /// A refusal was answered; never an error, for the answer is on its way.
    pub(crate) async fn refused(&self, db: &Db, ip: Option<IpAddr>, refusal: &Refusal<'_>) {
        if let (Some(ip), Some((kind, what))) = (ip, refusal.reads_as()) {
            self.note(db, kind, ip, "", &what).await;
        }
    }

    /// A password was wrong: of which account (a digest of its address), from where.
    pub async fn wrong_password(&self, db: &Db, ip: Option<IpAddr>, account: &str) {
        let Some(ip) = ip else { return };
        self.note(db, ThreatKind::Stuffing, ip, "", account).await;
        self.note(db, ThreatKind::Distributed, ip, account, &subscriber(ip)).await;
    }

    async fn note(&self, db: &Db, kind: ThreatKind, ip: IpAddr, subject: &str, what: &str) {
        let threshold = self.0.thresholds[kind as usize];
        if threshold == 0 || ip.to_canonical().is_loopback() {
            return;
        }
        // Many networks at one account: no single one is to be slowed down.
        let network = if kind == ThreatKind::Distributed { String::new() } else { subscriber(ip) };
        let key = if subject.is_empty() { &network } else { subject };
        if self.count(kind, key, what, threshold).await
            && let Err(error) = self.crossed(db, kind, &network, subject, threshold).await
        {
            tracing::error!(kind = kind.name(), %error, "a threat was not written down");
        }
    }

    /// Counts a try; whether it was the one that reaches the threshold, whereupon counting begins anew.
    async fn count(&self, kind: ThreatKind, key: &str, what: &str, threshold: u32) -> bool {
        let digest = Sha256::digest(what.as_bytes());
        let digest = digest.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        if let Some(redis) = &self.0.redis {
            return match redis.count_try(kind.name(), key, digest, threshold, WINDOW).await {
                Ok(reached) => reached,
                Err(error) => {
                    tracing::warn!(%error, "a try is not counted: Redis does not answer");
                    false
                }
            };
        }
        let id = (kind, key.to_owned());
        let counter = self.0.counters.get_with(id.clone(), async { Counter::default() }).await;
        let reached = {
            let mut seen = counter.lock().unwrap_or_else(PoisonError::into_inner);
            seen.insert(digest) && seen.len() == threshold as usize
        };
        if reached {
            self.0.counters.invalidate(&id).await;
        }
        reached
    }

    async fn crossed(
        &self,
        db: &Db,
        kind: ThreatKind,
        network: &str,
        subject: &str,
        tries: u32,
    ) -> ApiResult<()> {
        let now = db.now();
        let slows = (!network.is_empty()).then(|| now + TIGHTENED);
        let row: Written = db
            .write(async |tx| {
                let row: Written = sql(CROSSED)
                    .bind::<SqlUuid, _>(domain::ids::new_id())
                    .bind::<Text, _>(kind.name())
                    .bind::<Text, _>(network)
                    .bind::<Text, _>(subject)
                    .bind::<BigInt, _>(i64::from(tries))
                    .bind::<Timestamptz, _>(now)
                    .bind::<Nullable<Timestamptz>, _>(slows)
                    .get_result(&mut **tx)
                    .await?;
                tx.emit(Uuid::nil(), Fact::ThreatFound { threat_id: row.id }).await?;
                Ok(row)
            })
            .await?;
        tracing::warn!(threat = %row.id, kind = kind.name(), network, "somebody tries to get in by force");
        if let Some(until) = row.tightened_until {
            let mut suspects = self.0.suspects.write().unwrap_or_else(PoisonError::into_inner);
            suspects.insert(network.to_owned(), until);
        }
        Ok(())
    }

    /// Learns which networks are slowed down, also by other processes; called now and then.
    ///
    /// # Errors
    /// When the database does not answer; then what is known stays.
    pub async fn refresh(&self, db: &Db) -> ApiResult<()> {
        let now = db.now();
        let query = "SELECT network, max(tightened_until) AS until FROM threats
                      WHERE tightened_until > $1 AND network <> '' GROUP BY network";
        let rows: Vec<Suspect> =
            db.read(async |conn| Ok(sql(query).bind::<Timestamptz, _>(now).load(conn).await?)).await?;
        let suspects = rows.into_iter().map(|row| (row.network, row.until)).collect();
        *self.0.suspects.write().unwrap_or_else(PoisonError::into_inner) = suspects;
        Ok(())
    }
}

/// The same attempt goes on in its row until somebody has looked at it; each time it is slowed down
/// for twice as long, up to 16 hours.
const CROSSED: &str = "
INSERT INTO threats (id, kind, network, subject, count, strikes, first_seen, last_seen, tightened_until)
VALUES ($1, $2, $3, $4, $5, 1, $6, $6, $7)
ON CONFLICT (kind, network, subject) WHERE state = 'open' DO UPDATE SET
    count = threats.count + excluded.count, strikes = threats.strikes + 1, last_seen = excluded.last_seen,
    tightened_until = $6 + ($7 - $6) * (2 ^ least(threats.strikes, 6))
RETURNING id, tightened_until";

#[derive(QueryableByName)]
struct Written {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    tightened_until: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Suspect {
    #[diesel(sql_type = Text)]
    network: String,
    #[diesel(sql_type = Timestamptz)]
    until: DateTime<Utc>,
}
