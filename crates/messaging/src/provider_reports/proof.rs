//! Whether a report comes from the provider.

use actix_web::http::header::HeaderMap;
use aws_lc_rs::hmac as legacy;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::signature::hmac_of;

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// Twilio: HMAC-SHA1 by the auth token over the address that was asked and the form's fields, sorted, names and values
/// joined (<https://www.twilio.com/docs/usage/security#validating-requests>).
pub(super) fn twilio(token: &str, headers: &HeaderMap, address: &str, fields: &[(String, String)]) -> bool {
    let Ok(sent) = STANDARD.decode(header(headers, "x-twilio-signature")) else { return false };
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort();
    let mut signed = address.to_owned();
    for (name, value) in fields {
        signed.push_str(name);
        signed.push_str(value);
    }
    let key = legacy::Key::new(legacy::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    legacy::verify(&key, signed.as_bytes(), &sent).is_ok()
}

/// LINE: HMAC-SHA256 by the channel secret over the body, in base64
/// (<https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/>).
pub(super) fn line(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let sent = STANDARD.decode(header(headers, "x-line-signature"));
    sent.is_ok_and(|sent| hmac_of(secret.as_bytes(), &[body]).verify_slice(&sent).is_ok())
}

/// Meta: HMAC-SHA256 by the app secret over the body, in hexadecimal digits after `sha256=`
/// (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads>).
pub(super) fn meta(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let sent =
        header(headers, "x-hub-signature-256").strip_prefix("sha256=").and_then(|hex| hex::decode(hex).ok());
    sent.is_some_and(|sent| hmac_of(secret.as_bytes(), &[body]).verify_slice(&sent).is_ok())
}

/// Whether two tokens are the same. Digests are of one length, so that comparing tells nothing of them.
pub(super) fn same(ours: &str, theirs: &str) -> bool {
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    digest(ours).ct_eq(&digest(theirs)).into()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn with(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        headers
    }

    /// The example of Twilio's documentation.
    #[test]
    fn twilio_signs_the_address_and_the_sorted_fields() {
        let fields = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
            ("To", "+18005551212"),
        ];
        let mut fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        fields.reverse();
        let address = "https://example.com/myapp.php?foo=1&bar=2";
        let headers = with("x-twilio-signature", "L/OH5YylLD5NRKLltdqwSvS0BnU=");
        assert!(twilio("12345", &headers, address, &fields));
        assert!(!twilio("12346", &headers, address, &fields));
        assert!(!twilio("12345", &headers, "https://example.com/myapp.php", &fields));
        fields[0].1.push('0');
        assert!(!twilio("12345", &headers, address, &fields));
        assert!(!twilio("12345", &HeaderMap::new(), address, &fields));
    }

    #[test]
    fn what_is_signed_by_another_key_is_not_believed() {
        let mac = hmac_of(b"key", &[b"{}"]).finalize().into_bytes();
        let headers = with("x-line-signature", &STANDARD.encode(mac));
        assert!(
            line("key", &headers, b"{}") && !line("other", &headers, b"{}") && !line("key", &headers, b"{ }")
        );
        let headers = with("x-hub-signature-256", &format!("sha256={}", hex::encode(mac)));
        assert!(
            meta("key", &headers, b"{}") && !meta("other", &headers, b"{}") && !meta("key", &headers, b"{ }")
        );
        let bare = with("x-hub-signature-256", &hex::encode(mac));
        assert!(!meta("key", &bare, b"{}") && !meta("key", &HeaderMap::new(), b"{}"));
        assert!(same("agreed", "agreed") && !same("agreed", "agree"));
    }
}
