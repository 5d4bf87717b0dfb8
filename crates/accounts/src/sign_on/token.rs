//! The ID token (OpenID Connect Core 1.0, section 3.1.3.7): signed by a key of the provider, for us, for
//! this attempt, and fresh by our own clock.

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

/// How far two clocks may be apart, in seconds.
const SKEW: i64 = 60;

/// Signatures by keys that only the provider has. None by a secret we share, and never `none`.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What the token has to say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// Why a token is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Signed by a key we have not seen: perhaps a new one.
    UnknownKey,
    /// Never good.
    Wrong(&'static str),
}

/// The keys of a JWK set that we can use; others are no fault of it.
pub(super) fn keys_of(set: &Value) -> Vec<Jwk> {
    let keys = set.get("keys").and_then(Value::as_array).into_iter().flatten();
    let keys = keys.filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
    keys.filter(|key| !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption)))
        .filter(|key| DecodingKey::from_jwk(key).is_ok())
        .collect()
}

/// What a genuine token says.
pub(super) fn verify(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Value, Fault> {
    let head = jsonwebtoken::decode_header(token).map_err(|_| Fault::Wrong("it cannot be read"))?;
    if !ALGORITHMS.contains(&head.alg) {
        return Err(Fault::Wrong("its signature is of a kind we do not take"));
    }
    let named: Vec<&Jwk> = match &head.kid {
        Some(kid) => keys.iter().filter(|key| key.common.key_id.as_deref() == Some(kid)).collect(),
        None => keys.iter().collect(),
    };
    if named.is_empty() {
        return Err(Fault::UnknownKey);
    }
    let mut rules = Validation::new(head.alg);
    // Times and audience are looked at below: by our clock, and with `azp`.
    (rules.validate_exp, rules.validate_nbf, rules.validate_aud) = (false, false, false);
    rules.required_spec_claims.clear();
    let signed = named.into_iter().find_map(|key| {
        let key = DecodingKey::from_jwk(key).ok()?;
        jsonwebtoken::decode::<Value>(token, &key, &rules).ok()
    });
    let claims = signed.ok_or(Fault::Wrong("its signature does not hold"))?.claims;
    check(&claims, expected).map_err(Fault::Wrong)?;
    Ok(claims)
}

fn check(claims: &Value, expected: &Expected<'_>) -> Result<(), &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let time = |name: &str| claims.get(name).and_then(Value::as_f64).map(|seconds| seconds as i64);
    let now = expected.now.timestamp();
    if text("iss") != Some(expected.issuer) {
        return Err("it is another issuer's");
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audience.contains(&expected.client_id) {
        return Err("it is for another client");
    }
    match text("azp") {
        Some(party) if party != expected.client_id => return Err("it was given to another client"),
        None if audience.len() > 1 => return Err("it does not say to whom it was given"),
        _ => {}
    }
    if text("nonce") != Some(expected.nonce) {
        return Err("it belongs to another attempt");
    }
    if time("exp").is_none_or(|ends| ends + SKEW <= now) {
        return Err("it has run out");
    }
    if ["nbf", "iat"].into_iter().any(|name| time(name).is_some_and(|begins| begins - SKEW > now)) {
        return Err("it is from the future");
    }
    if text("sub").is_none_or(|subject| subject.is_empty() || subject.chars().count() > 255) {
        return Err("it names nobody");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use jsonwebtoken::{EncodingKey, Header};
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_795_176_000;

    fn key(seed: u8, kid: &str) -> (EncodingKey, Value) {
        use base64::Engine as _;
        let key = SigningKey::from_bytes(&[seed; 32]);
        let x = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        let public = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": kid, "x": x});
        (EncodingKey::from_ed_der(&crate::tokens::pkcs8(&[seed; 32])), public)
    }

    fn expected() -> Expected<'static> {
        Expected {
            issuer: "https://login.demo.example",
            client_id: "ringside",
            nonce: "n",
            now: DateTime::from_timestamp(NOW, 0).unwrap(),
        }
    }

    fn claims() -> Value {
        json!({"iss": "https://login.demo.example", "aud": "ringside", "sub": "7", "nonce": "n", "iat": NOW, "exp": NOW + 300})
    }

    fn judged(change: Value) -> Result<Value, Fault> {
        let (private, public) = key(1, "a");
        let mut claims = claims();
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let head = Header { kid: Some("a".into()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&head, &claims, &private).unwrap();
        verify(&token, &keys_of(&json!({"keys": [public]})), &expected())
    }

    #[test]
    fn a_token_is_for_us_and_for_this_attempt_and_fresh() {
        assert_eq!(judged(json!({})).unwrap()["sub"], "7");
        assert!(judged(json!({"aud": ["other", "ringside"], "azp": "ringside"})).is_ok());
        assert!(judged(json!({"exp": NOW - SKEW + 1})).is_ok(), "clocks may be a minute apart");
        for wrong in [
            json!({"iss": "https://login.demo.example/"}),
            json!({"aud": "other"}),
            json!({"aud": ["other", "ringside"]}),
            json!({"azp": "other"}),
            json!({"nonce": "m"}),
            json!({"nonce": null}),
            json!({"exp": NOW - SKEW}),
            json!({"exp": null}),
            json!({"iat": NOW + SKEW + 1}),
            json!({"nbf": NOW + SKEW + 1}),
            json!({"sub": ""}),
            json!({"sub": "x".repeat(256)}),
        ] {
            assert!(matches!(judged(wrong.clone()), Err(Fault::Wrong(_))), "{wrong}");
        }
    }

    #[test]
    fn only_a_key_of_the_provider_signs() {
        let (_, public) = key(1, "a");
        let keys = keys_of(&json!({"keys": [{"kty": "odd"}, public]}));
        assert_eq!(keys.len(), 1);
        let sign = |head: Header, key: &EncodingKey| jsonwebtoken::encode(&head, &claims(), key).unwrap();
        let named = |kid: &str| Header { kid: Some(kid.into()), ..Header::new(Algorithm::EdDSA) };
        let (other, _) = key(2, "a");
        let forged = sign(named("a"), &other);
        assert!(matches!(verify(&forged, &keys, &expected()), Err(Fault::Wrong(_))));
        let rotated = sign(named("b"), &other);
        assert_eq!(verify(&rotated, &keys, &expected()), Err(Fault::UnknownKey));
        let shared = sign(Header::new(Algorithm::HS256), &EncodingKey::from_secret(b"shared"));
        assert!(matches!(verify(&shared, &keys, &expected()), Err(Fault::Wrong(_))));
        let unsigned = "eyJhbGciOiJub25lIn0.e30.";
        assert!(matches!(verify(unsigned, &keys, &expected()), Err(Fault::Wrong(_))));
    }
}
