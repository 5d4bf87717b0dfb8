//! A POST sent twice with the same `Idempotency-Key` is done once and answered alike.
//!
//! Only success is stored, together with what it did: after a refusal the key is still free. The answer is
//! sealed: it repeats what the buyer sent, and secrets that are told once.

use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Binary, SmallInt, Text};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::db::{Bound, Sql, sql};
use crate::error::{ApiError, ApiResult};
use crate::keys::MasterKey;
use contract::ErrorCode;

/// What stored answers are sealed for.
const SEALED_FOR: &str = "idempotent answer";

/// One use of a key: by whom, which, and for which request.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// `user:<id>`, or `anon`.
    pub actor: String,
    /// The header's value.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

/// An answer given before.
#[derive(Debug, QueryableByName)]
pub(crate) struct Stored {
    #[diesel(sql_type = Binary)]
    fingerprint: Vec<u8>,
    #[diesel(sql_type = SmallInt)]
    #[expect(dead_code, reason = "every stored answer is a success of the same status so far")]
    status: i16,
    #[diesel(sql_type = Binary)]
    answer: Vec<u8>,
}

/// What came of a request with a key.
pub(crate) enum Answer<T> {
    /// It was done now.
    Fresh(T),
    /// It had been done; this was the answer.
    Replayed(Value),
}

type Lookup<'a> = Bound<Bound<Sql, &'a str, Text>, &'a str, Text>;

impl Key {
    /// Checks the header and takes the request's fingerprint. Keys are 1 to 200 visible ASCII characters.
    pub fn new(
        actor: String,
        key: &str,
        method: &str,
        path: &str,
        body_digest: &[u8; 32],
    ) -> ApiResult<Self> {
        if key.is_empty() || key.len() > 200 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiError::new(ErrorCode::MalformedRequest)
                .detail("Idempotency-Key must be 1 to 200 visible ASCII characters."));
        }
        let mut hash = Sha256::new();
        for part in [method.as_bytes(), b"\n", path.as_bytes(), b"\n", body_digest] {
            hash.update(part);
        }
        Ok(Self { actor, key: key.to_owned(), fingerprint: hash.finalize().into() })
    }

    /// The statement that finds the stored answer.
    pub fn lookup(&self) -> Lookup<'_> {
        sql("SELECT fingerprint, status, answer FROM idempotency_keys WHERE actor_key = $1 AND key = $2")
            .bind::<Text, _>(self.actor.as_str())
            .bind::<Text, _>(self.key.as_str())
    }

    /// The stored answer, when it was given to the same request.
    pub fn replay<T>(&self, keys: &MasterKey, stored: &Stored) -> ApiResult<Answer<T>> {
        if stored.fingerprint != self.fingerprint {
            return Err(ErrorCode::IdempotencyKeyReused.into());
        }
        let answer = keys.open(SEALED_FOR, &stored.answer).map_err(ApiError::internal)?;
        Ok(Answer::Replayed(serde_json::from_slice(&answer)?))
    }
}

/// Seals an answer to be stored.
pub(crate) fn seal(keys: &MasterKey, answer: &Value) -> ApiResult<Vec<u8>> {
    Ok(keys.seal(SEALED_FOR, &serde_json::to_vec(answer)?))
}

impl<T: DeserializeOwned> Answer<T> {
    /// The answer's value, either way.
    pub fn into_value(self) -> ApiResult<T> {
        match self {
            Self::Fresh(value) => Ok(value),
            Self::Replayed(json) => Ok(serde_json::from_value(json)?),
        }
    }
}
