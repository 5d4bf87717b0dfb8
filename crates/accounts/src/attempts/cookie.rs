//! The cookie by which a device is known to have signed in with an address before. It signs nobody in.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const NAME: &str = "ringside_device";
/// Sign-in is below it.
const PATH: &str = "/api/v1/sessions";
const LASTS: Duration = Duration::days(365);
/// Bytes by which devices differ.
const NONCE: usize = 16;

/// A keyed hash (HMAC-SHA256) over parts, each with its length before it.
pub(super) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key"); // safe: RFC 2104
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

/// The cookie for a device whose owner has just signed in with `address`.
pub(crate) fn keep(key: &[u8; 32], address: &str, secure: bool) -> Cookie<'static> {
    let nonce: [u8; NONCE] = rand::random();
    let proof = mac(key, &[b"device", address.as_bytes(), &nonce]).finalize().into_bytes();
    let value = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &proof].concat());
    Cookie::build(NAME, value)
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(LASTS)
        .finish()
}

/// What tells the device from others, when its cookie was given for this address.
pub(super) fn known(key: &[u8; 32], address: &str, request: &HttpRequest) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(request.cookie(NAME)?.value()).ok()?;
    let (nonce, proof) = bytes.split_at_checked(NONCE)?;
    mac(key, &[b"device", address.as_bytes(), nonce]).verify_slice(proof).ok()?;
    Some(nonce.to_owned())
}
