//! One RSA key: made, sealed, opened, and what it signs.

use std::sync::Arc;

use anyhow::anyhow;
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use serde_json::{Value, json};

use super::queries::KeyRow;

/// Also in `platform::keys::SEALED`.
const PURPOSE: &str = "signing key of id tokens";

/// A key and its name. Cheap to clone.
#[derive(Clone)]
pub(in crate::oauth) struct Key {
    id: String,
    pair: Arc<KeyPair>,
    pub(super) made_at: DateTime<Utc>,
}

impl Key {
    /// A new key of 2048 bits as PKCS #8, sealed.
    pub(super) fn generate(master: &MasterKey) -> ApiResult<Vec<u8>> {
        let failed = || ApiError::internal(anyhow!("no RSA key could be made"));
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| failed())?;
        let bytes: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| failed())?;
        Ok(master.seal(PURPOSE, bytes.as_ref()))
    }

    pub(super) fn open(row: &KeyRow, master: &MasterKey) -> ApiResult<Self> {
        let bytes = master.open(PURPOSE, &row.sealed)?;
        let pair =
            KeyPair::from_pkcs8(&bytes).map_err(|_| ApiError::internal(anyhow!("an unreadable RSA key")))?;
        Ok(Self { id: row.id.to_string(), pair: Arc::new(pair), made_at: row.created_at })
    }

    /// The public half as a JWK (RFC 7517, RFC 7518).
    pub(in crate::oauth) fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id,
            "n": encode(public.modulus().big_endian_without_leading_zero()),
            "e": encode(public.exponent().big_endian_without_leading_zero()),
        })
    }

    /// A signed token (RFC 7515, 7519) with these claims.
    pub(in crate::oauth) fn sign(&self, claims: &Value) -> ApiResult<String> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = json!({"alg": "RS256", "typ": "JWT", "kid": self.id});
        let text = format!("{}.{}", part(&head), part(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| ApiError::internal(anyhow!("an ID token could not be signed")))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
