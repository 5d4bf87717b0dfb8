//! Signing as Standard Webhooks 1.0 asks: HMAC-SHA256 over id, timestamp and body, parted by dots; the
//! secret is `whsec_` and 24 to 64 bytes in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// With what each secret begins.
const PREFIX: &str = "whsec_";
/// How far the clocks of two systems may be apart.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// HMAC-SHA256 of some bytes, to be compared or written.
pub(crate) fn hmac_of(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length"); // safe: RFC 2104
    for part in parts {
        mac.update(part);
    }
    mac
}

/// A fresh secret.
pub(crate) fn new_secret() -> String {
    format!("{PREFIX}{}", STANDARD.encode(rand::random::<[u8; 32]>()))
}

/// The bytes of a secret; none when it is not of the form.
pub(crate) fn key_of(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix(PREFIX)?).ok().filter(|key| (24..=64).contains(&key.len()))
}

/// One signature, as it stands in `webhook-signature`; none when the secret is not of the form.
pub(crate) fn sign(secret: &str, id: &str, at: DateTime<Utc>, body: &[u8]) -> Option<String> {
    let mac = signed(&key_of(secret)?, id, &at.timestamp().to_string(), body);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

fn signed(key: &[u8], id: &str, at: &str, body: &[u8]) -> Hmac<Sha256> {
    hmac_of(key, &[id.as_bytes(), b".", at.as_bytes(), b".", body])
}

/// What is wrong with a signature.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It does not hold.
    Signature,
    /// Its time is too far from now.
    Time,
}

/// Whether one of the signatures in `signatures` holds.
pub(crate) fn verify(
    secret: &str,
    (id, at, signatures): (&str, &str, &str),
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Wrong> {
    let key = key_of(secret).ok_or(Wrong::Signature)?;
    // Once, however many signatures were sent: a body is long, and so may the list be.
    let mac = signed(&key, id, at, body).finalize().into_bytes();
    let holds =
        signatures.split(' ').filter_map(|signature| signature.strip_prefix("v1,")).any(|signature| {
            STANDARD.decode(signature).is_ok_and(|bytes| bool::from(bytes.ct_eq(mac.as_slice())))
        });
    let sent = at.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    match sent {
        _ if id.is_empty() || !holds => Err(Wrong::Signature),
        Some(sent) if (now - sent).abs() <= TOLERANCE => Ok(()),
        _ => Err(Wrong::Time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_verifies_and_nothing_else() {
        let (secret, now) = (new_secret(), DateTime::from_timestamp(1_795_176_000, 0).unwrap());
        let signature = sign(&secret, "msg_1", now, b"{}").unwrap();
        let at = now.timestamp().to_string();
        let check = |secret: &str, id, at: &str, signature: &str, body: &[u8], now| {
            verify(secret, (id, at, signature), body, now)
        };
        let both = format!("v1,bm9uZQ== v1a,x {signature}");
        assert_eq!(check(&secret, "msg_1", &at, &both, b"{}", now), Ok(()));
        assert_eq!(check(&new_secret(), "msg_1", &at, &signature, b"{}", now), Err(Wrong::Signature));
        assert_eq!(check(&secret, "msg_2", &at, &signature, b"{}", now), Err(Wrong::Signature));
        assert_eq!(check(&secret, "msg_1", &at, &signature, b"{ }", now), Err(Wrong::Signature));
        assert_eq!(check(&secret, "msg_1", "1", &signature, b"{}", now), Err(Wrong::Signature));
        let late = now + TOLERANCE + TimeDelta::seconds(1);
        assert_eq!(check(&secret, "msg_1", &at, &signature, b"{}", late), Err(Wrong::Time));
    }

    #[test]
    fn a_secret_is_of_its_form() {
        assert_eq!(key_of(&new_secret()).map(|key| key.len()), Some(32));
        for bad in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjU"] {
            assert_eq!(key_of(bad), None, "{bad}");
        }
    }
}
