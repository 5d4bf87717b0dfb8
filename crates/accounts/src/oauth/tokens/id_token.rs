//! ID tokens (`OpenID` Connect Core, 2): who signed in, when, and for which application.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::grants::Granted;
use super::queries::Face;
use crate::oauth::scopes;

/// How long one is good.
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// The claims of the token that goes with an access token.
pub(super) fn claims(
    issuer: &str,
    granted: &Granted,
    (user, face): (Uuid, &Face),
    access_token: &str,
    now: DateTime<Utc>,
) -> Value {
    let digest = Sha256::digest(access_token.as_bytes());
    let mut claims = told(&granted.scopes, face);
    for (name, value) in [
        ("iss", json!(issuer)),
        ("sub", json!(user)),
        ("aud", json!(granted.family.client_id)),
        ("iat", json!(now.timestamp())),
        ("exp", json!((now + LASTS).timestamp())),
        ("auth_time", json!(granted.family.auth_time.map(|at| at.timestamp()))),
        ("at_hash", json!(URL_SAFE_NO_PAD.encode(&digest[..16]))),
    ] {
        claims.insert(name.to_owned(), value);
    }
    if let Some(nonce) = granted.family.nonce.as_ref().filter(|_| granted.first) {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    Value::Object(claims)
}

/// What the scopes let the application know of a person.
pub(super) fn told(scopes: &[String], face: &Face) -> Map<String, Value> {
    let mut told = Map::new();
    if scopes::has(scopes, scopes::PROFILE) {
        told.insert("name".to_owned(), json!(face.name));
        told.insert("locale".to_owned(), json!(face.locale));
    }
    if scopes::has(scopes, scopes::EMAIL) {
        told.insert("email".to_owned(), json!(face.email));
        told.insert("email_verified".to_owned(), json!(face.verified));
    }
    told
}
