//! Secrets that open a hold or an order to whoever was given them, in place of a sign-in.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use platform::keys::MasterKey;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// A new secret: its text is given away once, its hash is kept.
pub(crate) struct Secret {
    /// 192 bits nobody can guess, Base64url without padding.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: [u8; 32],
}

impl Secret {
    pub fn generate() -> Self {
        let bytes: [u8; 24] = rand::random();
        let text = URL_SAFE_NO_PAD.encode(bytes);
        Self::of(text)
    }

    /// The secret of a new order: worked out from its id, so that mails can carry it and the database
    /// need not.
    pub fn of_order(keys: &MasterKey, order_id: Uuid) -> Self {
        Self::derived(&keys.derive(&purpose(order_id)))
    }

    /// The secret of an order that was placed, whichever master key was the newest then; `None` when
    /// that key has left the ring.
    pub fn of_placed(keys: &MasterKey, order_id: Uuid, hash: &[u8]) -> Option<Self> {
        let secrets = keys.derive_all(&purpose(order_id));
        secrets.iter().map(Self::derived).find(|secret| secret.hash.as_slice() == hash)
    }

    fn derived(bytes: &[u8; 32]) -> Self {
        Self::of(URL_SAFE_NO_PAD.encode(&bytes[..24]))
    }

    fn of(text: String) -> Self {
        let hash = Sha256::digest(text.as_bytes()).into();
        Self { text, hash }
    }
}

fn purpose(order_id: Uuid) -> String {
    format!("order access {order_id}")
}

/// Whether `text` is the secret whose hash was kept; takes the same time either way.
pub(crate) fn opens(text: &str, hash: &[u8]) -> bool {
    Sha256::digest(text.as_bytes()).as_slice().ct_eq(hash).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orders_secret_outlives_a_rotation() {
        let order = Uuid::from_u128(7);
        let placed = Secret::of_order(&MasterKey::new([7; 32]), order);
        let ring = MasterKey::ring([8; 32], &[[7; 32]]);
        assert_ne!(Secret::of_order(&ring, order).text, placed.text);
        assert_eq!(Secret::of_placed(&ring, order, &placed.hash).unwrap().text, placed.text);
        assert!(Secret::of_placed(&MasterKey::new([8; 32]), order, &placed.hash).is_none());
    }

    #[test]
    fn a_secret_opens_its_own_hash_only() {
        let secret = Secret::generate();
        assert!(opens(&secret.text, &secret.hash));
        assert!(!opens(&secret.text[1..], &secret.hash));
        assert!(!opens("", &secret.hash));
        assert!(!opens(&Secret::generate().text, &secret.hash));
    }
}
