//! By what push services know who sends (VAPID, RFC 8292): one key pair for the whole installation. Browsers bind
//! their subscriptions to it, so it is made once and stays.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use platform::db::Db;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use serde_json::json;
use url::Url;

use super::queries;

/// For what the private half is sealed. Also in `platform::keys::SEALED`.
const PURPOSE: &str = "vapid key";
/// How long a token is good for: a day at most (RFC 8292, 2).
const LASTS: TimeDelta = TimeDelta::hours(12);

/// The key pair.
#[derive(Clone)]
pub(crate) struct Pair(SecretKey);

impl Pair {
    /// A new one.
    pub(super) fn generate() -> Self {
        loop {
            // All but a few of 2^256 numbers are keys.
            if let Ok(key) = SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
                return Self(key);
            }
        }
    }

    fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        SecretKey::from_slice(bytes).map(Self).map_err(|_| anyhow::anyhow!("the VAPID key is damaged"))
    }

    /// The private half: for keys that are made for one message.
    pub(super) fn into_secret(self) -> SecretKey {
        self.0
    }

    /// The public half: an uncompressed point, in base64url.
    pub(crate) fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().to_sec1_bytes())
    }

    /// The value of `Authorization` for a push service (RFC 8292, 3); `subject` is whom it may ask. None when the endpoint is no
    /// address.
    pub(super) fn authorisation(&self, endpoint: &str, subject: &str, now: DateTime<Utc>) -> Option<String> {
        let audience = Url::parse(endpoint).ok()?.origin().ascii_serialization();
        let claims = json!({"aud": audience, "exp": (now + LASTS).timestamp(), "sub": subject});
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let said = format!("{}.{}", part(json!({"typ": "JWT", "alg": "ES256"})), part(claims));
        let signature: Signature = SigningKey::from(&self.0).sign(said.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        Some(format!("vapid t={said}.{signature}, k={}", self.public()))
    }
}

/// The key pair of this installation; the first who asks makes it.
pub(crate) async fn pair(db: &Db, keys: &MasterKey) -> ApiResult<Pair> {
    let kept = db.read(async |conn| queries::vapid_key(conn).await).await?;
    let sealed = match kept {
        Some(sealed) => sealed,
        None => {
            let made = keys.seal(PURPOSE, &Pair::generate().0.to_bytes());
            let made = &made;
            db.write(async |tx| {
                let now = tx.now();
                queries::keep_vapid_key(tx, made, now).await?;
                queries::vapid_key(tx).await
            })
            .await?
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("the VAPID key was not kept")))?
        }
    };
    Pair::read(&keys.open(PURPOSE, &sealed)?).map_err(ApiError::internal)
}
