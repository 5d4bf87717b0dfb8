//! The rules of API keys.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::keys::{ApiKey, CreateApiKey, KeyUsage, NewApiKey};
use domain::Permissions;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{queries, secret};
use crate::cidr;
use crate::rights::Holder;
use crate::roles::queries::names;

const PURPOSE: &str = "new api keys";
/// How long an old secret goes on when nothing else is wished.
const OVERLAP_HOURS: u32 = 24;
/// How far back uses are told.
const USAGE_DAYS: i64 = 30;

/// A key with its secret sealed: what an `Idempotency-Key` keeps must not hold the secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedKey {
    key: ApiKey,
    sealed: Vec<u8>,
}

impl SealedKey {
    fn seal(keys: &MasterKey, key: ApiKey, secret: &str) -> Self {
        Self { key, sealed: keys.seal(PURPOSE, secret.as_bytes()) }
    }

    /// What the caller is shown this once.
    pub(crate) fn open(self, keys: &MasterKey) -> ApiResult<NewApiKey> {
        let secret = String::from_utf8(keys.open(PURPOSE, &self.sealed)?).map_err(ApiError::internal)?;
        Ok(NewApiKey { key: self.key, secret })
    }
}

/// Makes a key that may do no more than its maker.
pub(crate) async fn create(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    (org, holder, by): (Uuid, Holder, Option<Uuid>),
    wish: &CreateApiKey,
) -> ApiResult<SealedKey> {
    let permissions: Permissions = wish.permissions.iter().copied().collect();
    holder.must_hold(permissions)?;
    let now = tx.now();
    let refusal = || ApiError::new(ErrorCode::InvalidFields);
    if wish.expires_at.is_some_and(|end| end <= now) {
        return Err(refusal().field_fault("expires_at", "in_the_past", "It must end in the future."));
    }
    if wish.name.trim().is_empty() {
        return Err(refusal().field_fault("name", "too_short", "It needs a name."));
    }
    let key = ApiKey {
        id: new_id(),
        name: wish.name.trim().to_owned(),
        permissions: permissions.iter().collect(),
        networks: cidr::canonical(&wish.networks)?,
        created_by: by,
        created_at: now,
        expires_at: wish.expires_at,
        revoked_at: None,
        last_used_at: None,
        old_secret_until: None,
    };
    let (text, hash) = secret::generate(key.id);
    queries::insert(tx, org, &key, names(permissions)).await?;
    queries::insert_secret(tx, key.id, &hash, now).await?;
    let noted = json!({
        "permissions": names(permissions), "networks": key.networks, "expires_at": key.expires_at,
    });
    tx.audit(Change::new(Some(org), "key.created", key.id).after(noted));
    Ok(SealedKey::seal(keys, key, &text))
}

/// Gives a key a new secret. The present one goes on for the overlap, or ends at once with all before
/// it. Whoever is shown a secret could use it, so they hold what the key may do.
pub(crate) async fn rotate(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    (org, holder): (Uuid, Holder),
    id: Uuid,
    overlap_hours: Option<u32>,
) -> ApiResult<SealedKey> {
    let now = tx.now();
    queries::lock(tx, org, id).await?;
    let key = queries::find(tx, org, now, id).await?;
    holder.must_hold(key.permissions.iter().copied().collect())?;
    if key.revoked_at.is_some() || key.expires_at.is_some_and(|end| end <= now) {
        return Err(ErrorCode::WrongState.into());
    }
    let until = now + TimeDelta::hours(overlap_hours.unwrap_or(OVERLAP_HOURS).into());
    queries::end_secrets(tx, id, until, now).await?;
    let (text, hash) = secret::generate(id);
    queries::insert_secret(tx, id, &hash, now).await?;
    tx.audit(Change::new(Some(org), "key.rotated", id).after(json!({"old_secret_until": until})));
    Ok(SealedKey::seal(keys, queries::find(tx, org, now, id).await?, &text))
}

/// Ends a key at once; a second time changes nothing.
pub(crate) async fn revoke(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    if queries::revoke(tx, org, id, now).await? {
        tx.audit(Change::new(Some(org), "key.revoked", id));
    }
    Ok(())
}

/// The use of a key over the last 30 days.
pub(crate) async fn usage(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
    now: chrono::DateTime<chrono::Utc>,
) -> ApiResult<KeyUsage> {
    queries::find(conn, org, now, id).await?;
    let from = (now - TimeDelta::days(USAGE_DAYS - 1)).date_naive();
    Ok(KeyUsage { days: queries::uses(conn, id, from).await? })
}
