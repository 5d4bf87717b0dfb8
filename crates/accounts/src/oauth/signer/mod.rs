//! Signs ID tokens with RS256, which every relying party understands. The keys are kept sealed in the
//! database, so that all processes sign with the same. A key is followed by another after
//! [`SIGNS_FOR`]; it is published before it signs and after it did, since relying parties keep what
//! they read of `/.well-known/jwks.json` for a while.

mod jobs;
mod key;
mod queries;

use std::sync::{Arc, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use platform::db::Db;
use platform::error::ApiResult;
use platform::keys::MasterKey;
use uuid::Uuid;

pub(crate) use jobs::jobs;
pub(super) use key::Key;

/// How long a key is the newest.
const SIGNS_FOR: TimeDelta = TimeDelta::days(90);
/// How long a key is published before it signs, and after its last signature.
const PUBLISHED: TimeDelta = TimeDelta::days(1);
/// How long a process goes on with the keys it read.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(10);

/// The keys, read now and then by each process. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Signer(Arc<RwLock<Option<Read>>>);

#[derive(Clone)]
struct Read {
    at: DateTime<Utc>,
    keys: Arc<[Key]>,
}

impl Signer {
    /// The key that signs now.
    pub(super) async fn key(&self, db: &Db, master: &MasterKey) -> ApiResult<Key> {
        let keys = self.keys(db, master).await?;
        Ok(keys[signing(&keys, db.now())].clone())
    }

    /// All keys that are published, newest first; the first one is made when there is none yet.
    pub(super) async fn keys(&self, db: &Db, master: &MasterKey) -> ApiResult<Arc<[Key]>> {
        let now = db.now();
        let read = self.0.read().expect("no thread fails while it holds the keys").clone(); // safe: see `store`
        if let Some(read) = read.filter(|read| (now - read.at).abs() < KEPT_FOR) {
            return Ok(read.keys);
        }
        let mut rows = db.read(queries::all).await?;
        if rows.is_empty() {
            let sealed = Key::generate(master)?;
            rows = db
                .statement(async |conn| {
                    queries::insert(conn, None, &sealed, now).await?;
                    queries::all(conn).await
                })
                .await?;
        }
        let keys: Arc<[Key]> = rows.iter().map(|row| Key::open(row, master)).collect::<ApiResult<_>>()?;
        self.store(Read { at: now, keys: Arc::clone(&keys) });
        Ok(keys)
    }

    fn store(&self, read: Read) {
        *self.0.write().expect("no thread fails while it holds the keys") = Some(read); // safe: only moves values
    }
}

/// Which of the keys, newest first, signs: the newest that has been published for long enough, else the
/// oldest, which is the only one or the one before.
fn signing(keys: &[Key], now: DateTime<Utc>) -> usize {
    let known = |key: &Key| key.made_at + PUBLISHED <= now;
    keys.iter().position(known).unwrap_or(keys.len() - 1)
}

/// The key that the next one follows, when it is time.
fn due(keys: &[(Uuid, DateTime<Utc>)], now: DateTime<Utc>) -> Option<Uuid> {
    let (newest, made_at) = keys.first()?;
    (*made_at + SIGNS_FOR <= now).then_some(*newest)
}

/// Which keys have not signed for long enough that nobody asks for them.
fn over(keys: &[(Uuid, DateTime<Utc>)], now: DateTime<Utc>) -> Vec<Uuid> {
    let replaced = |made_at: &DateTime<Utc>| *made_at + PUBLISHED + PUBLISHED <= now;
    let after = keys.iter().position(|(_, made_at)| replaced(made_at));
    after.map_or(Vec::new(), |at| keys[at + 1..].iter().map(|(id, _)| *id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    #[test]
    fn a_key_is_followed_after_its_time_and_goes_when_nobody_asks_for_it() {
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(due(&[], day(500)), None);
        assert_eq!(due(&[(first, day(0))], day(89)), None);
        assert_eq!(due(&[(first, day(0))], day(90)), Some(first));
        let both = [(second, day(90)), (first, day(0))];
        assert_eq!(due(&both, day(91)), None);
        assert!(over(&both, day(91)).is_empty());
        assert_eq!(over(&both, day(92)), [first]);
        assert!(over(&[(first, day(0))], day(500)).is_empty());
    }
}
