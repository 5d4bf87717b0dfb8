//! The signature of a payment callback: `Ringside-Signature: t=<unix seconds>,v1=<hex>`, where the
//! hex is HMAC-SHA256 (RFC 2104) of `<unix seconds>.<body>`.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use hmac::{Hmac, KeyInit as _, Mac as _};
use platform::{error::ApiResult, state::App};
use secrecy::ExposeSecret as _;
use sha2::Sha256;

/// How far a callback's time may be from ours, in seconds.
const TOLERANCE: u64 = 300;

/// The secret we share with the payment provider. After a rotation of the master key the provider has
/// the one from before until somebody tells them: each is believed, the first signs.
#[derive(Clone)]
pub struct CallbackKey(Vec<Vec<u8>>);

impl CallbackKey {
    /// A key of given bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(vec![bytes.to_vec()])
    }

    /// The configured one (its text is the key), else 64 hexadecimal digits derived from the master key.
    #[must_use]
    pub fn of(app: &App) -> Self {
        match &app.config.payment_callback_secret {
            Some(secret) => Self::new(secret.expose_secret().as_bytes()),
            None => {
                let derived = app.keys.derive_all("payment callbacks");
                Self(derived.iter().map(|key| hex::encode(key).into_bytes()).collect())
            }
        }
    }

    /// What each key makes of a body.
    fn macs(&self, seconds: &str, body: &[u8]) -> impl Iterator<Item = Hmac<Sha256>> {
        self.0.iter().map(move |key| {
            // safe: HMAC takes keys of any length
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
            mac.update(seconds.as_bytes());
            mac.update(b".");
            mac.update(body);
            mac
        })
    }

    /// Checks the header against the body: first the signature, then the time.
    pub(super) fn check(&self, header: &str, body: &[u8], now: DateTime<Utc>) -> ApiResult<()> {
        let (mut seconds, mut given) = (None, None);
        for part in header.split(',') {
            match part.trim().split_once('=') {
                Some(("t", value)) => seconds = Some(value),
                Some(("v1", value)) => given = hex::decode(value).ok(),
                _ => {}
            }
        }
        let (Some(seconds), Some(given)) = (seconds, given) else {
            return Err(ErrorCode::BadSignature.into());
        };
        if !self.macs(seconds, body).any(|mac| mac.verify_slice(&given).is_ok()) {
            return Err(ErrorCode::BadSignature.into());
        }
        let sent: i64 = seconds.parse().map_err(|_| ErrorCode::BadSignature)?;
        if sent.abs_diff(now.timestamp()) > TOLERANCE {
            return Err(ErrorCode::CallbackStale.into());
        }
        Ok(())
    }
}

/// The header a provider sends with `body` at `at`: for tests, benches and the demo.
#[must_use]
pub fn sign(key: &CallbackKey, body: &[u8], at: DateTime<Utc>) -> String {
    let seconds = at.timestamp().to_string();
    let mac = key.macs(&seconds, body).next().map(|mac| hex::encode(mac.finalize().into_bytes()));
    format!("t={seconds},v1={}", mac.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_provider_that_has_the_secret_from_before_is_believed() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let header = sign(&CallbackKey::new(b"before"), b"{}", now);
        let rotated = CallbackKey(vec![b"now".to_vec(), b"before".to_vec()]);
        assert!(rotated.check(&header, b"{}", now).is_ok());
        assert!(rotated.check(&sign(&rotated, b"{}", now), b"{}", now).is_ok());
        assert!(CallbackKey::new(b"now").check(&header, b"{}", now).is_err());
    }

    #[test]
    fn only_the_signed_body_passes_and_only_near_its_time() {
        let (key, now) = (CallbackKey::new(b"demo"), DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let header = sign(&key, b"{}", now);
        let code =
            |header: &str, body: &[u8], at| key.check(header, body, at).err().map(|error| error.code());
        assert_eq!(code(&header, b"{}", now), None);
        assert_eq!(code(&header, b"{}", now + TimeDelta::seconds(300)), None);
        assert_eq!(code(&header, b"{}", now + TimeDelta::seconds(301)), Some(ErrorCode::CallbackStale));
        assert_eq!(code(&header, b"{}", now - TimeDelta::seconds(301)), Some(ErrorCode::CallbackStale));
        assert_eq!(code(&header, b"{ }", now), Some(ErrorCode::BadSignature));
        assert_eq!(code(&header.replace("t=18", "t=19"), b"{}", now), Some(ErrorCode::BadSignature));
        for nonsense in ["", "t=1", "v1=00", "t=x,v1=zz", "t=1,v1="] {
            assert_eq!(code(nonsense, b"{}", now), Some(ErrorCode::BadSignature), "{nonsense}");
        }
    }
}
