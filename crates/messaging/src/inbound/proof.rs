//! Whether a message comes from its source.

use actix_web::http::header::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use contract::ErrorCode;
use contract::inbound::{InboundSignature, SignatureEncoding};
use hmac::Mac as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::signature::{self, Wrong, hmac_of};

/// The header's value; empty when it is missing or no text.
pub(super) fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// Refuses what is not signed with the secret: `bad_signature`, or `callback_stale` when it is too old.
pub(crate) fn check(
    kind: &InboundSignature,
    secret: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), ErrorCode> {
    let holds = match kind {
        InboundSignature::StandardWebhooks => {
            let parts = (
                header(headers, "webhook-id"),
                header(headers, "webhook-timestamp"),
                header(headers, "webhook-signature"),
            );
            return signature::verify(secret, parts, body, now).map_err(|wrong| match wrong {
                Wrong::Signature => ErrorCode::BadSignature,
                Wrong::Time => ErrorCode::CallbackStale,
            });
        }
        InboundSignature::Hmac { header: name, encoding, prefix } => {
            let sent = header(headers, name).strip_prefix(prefix.as_str()).unwrap_or("");
            let bytes = match encoding {
                SignatureEncoding::Hex => hex::decode(sent).ok(),
                SignatureEncoding::Base64 => STANDARD.decode(sent).ok(),
            };
            bytes.is_some_and(|bytes| hmac_of(secret.as_bytes(), &[body]).verify_slice(&bytes).is_ok())
        }
        InboundSignature::Bearer => {
            let sent = header(headers, "authorization").split_once(' ');
            let sent = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            let digest = |text: &str| Sha256::digest(text.as_bytes());
            // Digests are of one length, so that comparing tells nothing of the secret.
            sent.is_some_and(|(_, token)| digest(token.trim()).ct_eq(&digest(secret)).into())
        }
    };
    if holds { Ok(()) } else { Err(ErrorCode::BadSignature) }
}
