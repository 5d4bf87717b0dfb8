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

/// The secret we share with the payment provider.
#[derive(Clone)]
pub struct CallbackKey(Vec<u8>);

impl CallbackKey {
    /// A key of given bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The configured one (its text is the key), else 64 hexadecimal digits derived from the master key.
    #[must_use]
    pub fn of(app: &App) -> Self {
        match &app.config.payment_callback_secret {
            Some(secret) => Self::new(secret.expose_secret().as_bytes()),
            None => Self::new(hex::encode(app.keys.derive("payment callbacks")).as_bytes()),
        }
    }

    fn mac(&self, seconds: &str, body: &[u8]) -> Hmac<Sha256> {
        // safe: HMAC takes keys of any length
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length is a key");
        mac.update(seconds.as_bytes());
        mac.update(b".");
        mac.update(body);
        mac
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
        if self.mac(seconds, body).verify_slice(&given).is_err() {
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
    let mac = key.mac(&seconds, body).finalize().into_bytes();
    format!("t={seconds},v1={}", hex::encode(mac))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

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
