//! The two tokens of a session: a short-lived access token that says who is asking, and a
//! refresh token that is exchanged for the next pair once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long an access token is good for.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How long a refresh token is good for; every refresh starts the time anew.
pub const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(30);

const ISSUER: &str = "ringside";

/// What an access token (a JWT, RFC 7519) carries. Rights are not among it: they are read anew
/// with each request, so that a change of role or a sign-out takes effect at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who is asking.
    pub user_id: Uuid,
    /// In which session.
    pub session_id: Uuid,
}

#[derive(Serialize, Deserialize)]
struct JwtClaims {
    iss: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
    jti: Uuid,
}

/// What a token that was checked says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// Who is asking, and in which session.
    pub claims: AccessClaims,
    /// Names this token among all.
    pub jti: Uuid,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Signs and checks access tokens with Ed25519 (RFC 8037). Tokens of the key before the present one are
/// good until they end, so a change of keys signs nobody out.
#[derive(Clone)]
pub struct AccessKeys {
    signing: EncodingKey,
    /// The present one first.
    verifying: Vec<PublicKey>,
}

#[derive(Clone)]
struct PublicKey {
    id: String,
    bytes: [u8; 32],
    key: DecodingKey,
}

impl PublicKey {
    fn of_seed(seed: &[u8; 32]) -> Self {
        let bytes = SigningKey::from_bytes(seed).verifying_key().to_bytes();
        let id = URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..8]);
        Self { id, bytes, key: DecodingKey::from_ed_der(&bytes) }
    }
}

impl AccessKeys {
    /// Keys from 32 secret bytes; the key id is derived from the public half.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self { signing: EncodingKey::from_ed_der(&pkcs8(seed)), verifying: vec![PublicKey::of_seed(seed)] }
    }

    /// The keys of a generation (1 is the first), and those before it for tokens already given out.
    pub fn of_generation(master: &MasterKey, generation: u32) -> Self {
        let seed = |generation: u32| match generation {
            0 | 1 => master.derive("access tokens"),
            later => master.derive(&format!("access tokens {later}")),
        };
        let mut keys = Self::from_seed(&seed(generation));
        if generation > 1 {
            keys.verifying.push(PublicKey::of_seed(&seed(generation - 1)));
        }
        keys
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037), for those who check tokens themselves.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let key = |key: &PublicKey| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": key.id, "x": URL_SAFE_NO_PAD.encode(key.bytes),
            })
        };
        json!({ "keys": self.verifying.iter().map(key).collect::<Vec<_>>() })
    }

    /// An access token that is good for [`ACCESS_LIFETIME`] from `now`.
    ///
    /// # Errors
    /// Internal, when signing fails.
    pub fn sign(&self, claims: AccessClaims, now: DateTime<Utc>) -> ApiResult<String> {
        let header = Header { kid: Some(self.verifying[0].id.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = JwtClaims {
            iss: ISSUER.to_owned(),
            sub: claims.user_id,
            sid: claims.session_id,
            iat: now.timestamp(),
            exp: (now + ACCESS_LIFETIME).timestamp(),
            jti: Uuid::now_v7(),
        };
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(ApiError::internal)
    }

    /// The claims of a token signed by these keys.
    ///
    /// # Errors
    /// `not_signed_in` for anything that is not such a token, `token_expired` for one whose time is over.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> ApiResult<AccessClaims> {
        self.read(token, now).map(|token| token.claims)
    }

    /// All that a token signed by these keys says.
    ///
    /// # Errors
    /// As with [`Self::check`].
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> ApiResult<AccessToken> {
        let refused = || ApiError::from(ErrorCode::NotSignedIn);
        let head = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        let public =
            self.verifying.iter().find(|key| head.kid.as_ref() == Some(&key.id)).ok_or_else(refused)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "iss", "sub"]);
        rules.validate_exp = false; // below, by the server's clock
        let JwtClaims { sub, sid, exp, jti, .. } =
            jsonwebtoken::decode::<JwtClaims>(token, &public.key, &rules).map_err(|_| refused())?.claims;
        if exp <= now.timestamp() {
            return Err(ErrorCode::TokenExpired.into());
        }
        let expires_at = DateTime::from_timestamp(exp, 0).ok_or_else(refused)?;
        Ok(AccessToken { claims: AccessClaims { user_id: sub, session_id: sid }, jti, expires_at })
    }
}

/// The PKCS #8 form (RFC 8410, section 7) of an Ed25519 private key: a fixed head, then the seed.
fn pkcs8(seed: &[u8; 32]) -> Vec<u8> {
    const HEAD: [u8; 16] =
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    [HEAD.as_slice(), seed].concat()
}

/// 256 random bits that only their holder knows. What is stored is their hash, so a stolen database opens
/// nothing.
pub struct OpaqueToken(String);

/// Exchanged for the next one once.
pub type RefreshToken = OpaqueToken;

impl OpaqueToken {
    /// A new token.
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// The token a client presented.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What the client keeps.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database keeps: SHA-256. The token is random, so no slow hash is needed.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn claims() -> AccessClaims {
        AccessClaims { user_id: Uuid::from_u128(1), session_id: Uuid::from_u128(2) }
    }

    #[test]
    fn a_signed_token_gives_its_claims_back() {
        let keys = AccessKeys::from_seed(&[7; 32]);
        let token = keys.sign(claims(), now()).unwrap();
        assert_eq!(keys.check(&token, now()).unwrap(), claims());
    }

    #[test]
    fn a_token_ends_after_ten_minutes() {
        let keys = AccessKeys::from_seed(&[7; 32]);
        let token = keys.sign(claims(), now()).unwrap();
        let last = now() + ACCESS_LIFETIME - TimeDelta::seconds(1);
        assert!(keys.check(&token, last).is_ok());
        let error = keys.check(&token, now() + ACCESS_LIFETIME).unwrap_err();
        assert_eq!(error.code(), ErrorCode::TokenExpired);
    }

    #[test]
    fn a_token_of_other_keys_is_refused() {
        let token = AccessKeys::from_seed(&[8; 32]).sign(claims(), now()).unwrap();
        let error = AccessKeys::from_seed(&[7; 32]).check(&token, now()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotSignedIn);
    }

    #[test]
    fn tokens_of_the_generation_before_are_good_and_those_before_it_are_not() {
        let master = MasterKey::new([7; 32]);
        let generation = |generation| AccessKeys::of_generation(&master, generation);
        let token = generation(1).sign(claims(), now()).unwrap();
        assert!(generation(2).check(&token, now()).is_ok());
        assert!(generation(3).check(&token, now()).is_err());
        assert!(generation(1).check(&generation(2).sign(claims(), now()).unwrap(), now()).is_err());
        let published = generation(2).jwks();
        assert_eq!(published["keys"].as_array().unwrap().len(), 2);
        assert_eq!(published["keys"][1], generation(1).jwks()["keys"][0]);
    }

    #[test]
    fn every_altered_character_is_noticed() {
        let keys = AccessKeys::from_seed(&[7; 32]);
        let token = keys.sign(claims(), now()).unwrap();
        for (place, letter) in token.char_indices() {
            let other = if letter == 'A' { 'B' } else { 'A' };
            let mut altered = token.clone();
            altered.replace_range(place..=place, &other.to_string());
            // The last character of base64 may carry unused bits; a decoder refuses those as well.
            assert!(keys.check(&altered, now()).is_err(), "character {place}");
        }
    }

    #[test]
    fn an_unsigned_token_is_refused() {
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let body = URL_SAFE_NO_PAD.encode(
            r#"{"iss":"ringside","sub":"00000000-0000-0000-0000-000000000001","sid":"00000000-0000-0000-0000-000000000002","iat":1,"exp":9999999999}"#,
        );
        let keys = AccessKeys::from_seed(&[7; 32]);
        assert!(keys.check(&format!("{head}.{body}."), now()).is_err());
    }

    #[test]
    fn refresh_tokens_differ_and_hash_alike() {
        let token = RefreshToken::generate();
        assert_ne!(token.reveal(), RefreshToken::generate().reveal());
        assert_eq!(token.hash(), RefreshToken::presented(token.reveal()).hash());
    }
}
