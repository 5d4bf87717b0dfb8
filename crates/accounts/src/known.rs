//! Callers recognised a moment ago: a page asks for many things with the same token, and the database
//! is asked once who that is. What is remembered holds while nobody's rights have changed
//! (`Db::rights_as_of`), until the token ends by itself, and for [`LASTS`] at most.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use moka::future::Cache;
use platform::db::Db;
use platform::error::ApiResult;
use platform::guard::{Actor, Credentials};
use sha2::{Digest as _, Sha256};

/// How long somebody is remembered.
const LASTS: TimeDelta = TimeDelta::seconds(2);
/// How many are remembered; those not seen for longest go first.
const MOST: u64 = 10_000;

/// Who a token belongs to, wherever it is shown.
pub(crate) struct Recognised {
    pub(crate) actor: Actor,
    /// From where they may act; CIDR, empty means from everywhere.
    pub(crate) networks: Vec<String>,
    /// When they are to be asked for again at the latest: the token, the session or the key ends.
    pub(crate) ends: Option<DateTime<Utc>>,
}

#[derive(Clone)]
struct Entry {
    recognised: Arc<Recognised>,
    as_of: u64,
    at: DateTime<Utc>,
}

/// The callers remembered. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Known(Cache<[u8; 32], Entry>);

impl Known {
    pub(crate) fn new() -> Self {
        Self(Cache::new(MOST))
    }

    /// Who shows these credentials: remembered, else what `ask` finds out. A refusal is never remembered.
    pub(crate) async fn recognise(
        &self,
        db: &Db,
        credentials: Credentials<'_>,
        ask: impl Future<Output = ApiResult<Recognised>>,
    ) -> ApiResult<Arc<Recognised>> {
        // Read before the rights are: a change in between makes what is read count as old.
        let Some(as_of) = db.rights_as_of() else { return ask.await.map(Arc::new) };
        let (key, now) = (digest(credentials), db.now());
        if let Some(entry) = self.0.get(&key).await
            && entry.as_of == as_of
            && (now - entry.at).abs() < LASTS
            && entry.recognised.ends.is_none_or(|ends| now < ends)
        {
            return Ok(entry.recognised);
        }
        let recognised = Arc::new(ask.await?);
        self.0.insert(key, Entry { recognised: Arc::clone(&recognised), as_of, at: now }).await;
        Ok(recognised)
    }
}

/// The token itself is not kept.
fn digest(credentials: Credentials<'_>) -> [u8; 32] {
    let organisation = credentials.organisation.unwrap_or_default();
    Sha256::new().chain_update(organisation).chain_update(credentials.bearer).finalize().into()
}
