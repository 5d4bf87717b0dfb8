//! Secrets that only their holder knows; the database keeps a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// 256 random bits, as text that fits into an address.
pub(crate) struct RandomSecret(String);

impl RandomSecret {
    /// A new secret.
    pub(crate) fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// What its holder keeps.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    pub(crate) fn hash(&self) -> Vec<u8> {
        hash(&self.0)
    }
}

/// SHA-256 of a secret that was presented. It is random, so no slow hash is needed.
pub(crate) fn hash(presented: &str) -> Vec<u8> {
    Sha256::digest(presented.as_bytes()).to_vec()
}
