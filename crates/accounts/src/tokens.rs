//! The two tokens of a session: a short-lived access token that says who is asking, and a
//! refresh token that is exchanged for the next pair once.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use platform::error::{ApiError, ApiResult};
use platform::keys::{KeyId, MasterKey};
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

/// Signs and checks access tokens with Ed25519 (RFC 8037). The newest master key signs; a token that
/// an older one signed, or the generation before the present one, is good until it ends: so a change of
/// keys signs nobody out.
#[derive(Clone)]
pub struct AccessKeys(Arc<Inner>);

struct Inner {
    ring: MasterKey,
    generation: u32,
    /// Made from the ring, newest first; made anew when the ring has changed.
    pairs: RwLock<Arc<Pairs>>,
}

struct Pairs {
    made_from: Vec<KeyId>,
    pairs: Vec<Pair>,
}

struct Pair {
    id: String,
    public: [u8; 32],
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl Pair {
    /// Keys from 32 secret bytes; the key id is derived from the public half.
    fn from_seed(seed: &[u8; 32]) -> Self {
        let public = SigningKey::from_bytes(seed).verifying_key().to_bytes();
        Self {
            id: URL_SAFE_NO_PAD.encode(&Sha256::digest(public)[..8]),
            public,
            signing: EncodingKey::from_ed_der(&pkcs8(seed)),
            verifying: DecodingKey::from_ed_der(&public),
        }
    }
}

impl Pairs {
    /// The pairs of a generation (1 is the first) under each master key, then those of the one before it.
    fn make(ring: &MasterKey, generation: u32) -> Self {
        let purpose = |generation: u32| match generation {
            0 | 1 => "access tokens".to_owned(),
            later => format!("access tokens {later}"),
        };
        let named = |generation| ring.derive_all_named(&purpose(generation));
        let present = named(generation);
        let made_from = present.iter().map(|(id, _)| *id).collect();
        let before = if generation > 1 { named(generation - 1) } else { Vec::new() };
        let pairs = present.iter().chain(&before).map(|(_, seed)| Pair::from_seed(seed)).collect();
        Self { made_from, pairs }
    }

    fn named(&self, id: &str) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.id == id)
    }
}

impl AccessKeys {
    /// The keys of a generation, from a ring of master keys.
    pub fn of_generation(ring: &MasterKey, generation: u32) -> Self {
        let pairs = RwLock::new(Arc::new(Pairs::make(ring, generation)));
        Self(Arc::new(Inner { ring: ring.clone(), generation, pairs }))
    }

    /// The pairs of the ring as it is now.
    fn pairs(&self) -> Arc<Pairs> {
        let held = Arc::clone(&self.0.pairs.read().unwrap_or_else(PoisonError::into_inner));
        if held.made_from == self.0.ring.ids() {
            return held;
        }
        let made = Arc::new(Pairs::make(&self.0.ring, self.0.generation));
        *self.0.pairs.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&made);
        made
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037), for those who check tokens themselves.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let key = |pair: &Pair| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": pair.id, "x": URL_SAFE_NO_PAD.encode(pair.public),
            })
        };
        json!({ "keys": self.pairs().pairs.iter().map(key).collect::<Vec<_>>() })
    }

    /// An access token that is good for [`ACCESS_LIFETIME`] from `now`.
    ///
    /// # Errors
    /// Internal, when signing fails.
    pub fn sign(&self, claims: AccessClaims, now: DateTime<Utc>) -> ApiResult<String> {
        let pairs = self.pairs();
        let newest =
            pairs.pairs.first().ok_or_else(|| ApiError::internal(anyhow::anyhow!("no master key")))?;
        let header = Header { kid: Some(newest.id.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = JwtClaims {
            iss: ISSUER.to_owned(),
            sub: claims.user_id,
            sid: claims.session_id,
            iat: now.timestamp(),
            exp: (now + ACCESS_LIFETIME).timestamp(),
            jti: Uuid::now_v7(),
        };
        jsonwebtoken::encode(&header, &claims, &newest.signing).map_err(ApiError::internal)
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
        let named = head.kid.ok_or_else(refused)?;
        let mut pairs = self.pairs();
        if pairs.named(&named).is_none() {
            // Another process may have signed it with a key that was added a moment ago.
            self.0.ring.look_again();
            pairs = self.pairs();
        }
        let pair = pairs.named(&named).ok_or_else(refused)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "iss", "sub"]);
        rules.validate_exp = false; // below, by the server's clock
        let JwtClaims { sub, sid, exp, jti, .. } =
            jsonwebtoken::decode::<JwtClaims>(token, &pair.verifying, &rules).map_err(|_| refused())?.claims;
        if exp <= now.timestamp() {
            return Err(ErrorCode::TokenExpired.into());
        }
        let expires_at = DateTime::from_timestamp(exp, 0).ok_or_else(refused)?;
        Ok(AccessToken { claims: AccessClaims { user_id: sub, session_id: sid }, jti, expires_at })
    }
}

/// The PKCS #8 form (RFC 8410, section 7) of an Ed25519 private key: a fixed head, then the seed.
pub(crate) fn pkcs8(seed: &[u8; 32]) -> Vec<u8> {
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
        let keys = AccessKeys::of_generation(&MasterKey::new([7; 32]), 1);
        let token = keys.sign(claims(), now()).unwrap();
        assert_eq!(keys.check(&token, now()).unwrap(), claims());
    }

    #[test]
    fn a_token_ends_after_ten_minutes() {
        let keys = AccessKeys::of_generation(&MasterKey::new([7; 32]), 1);
        let token = keys.sign(claims(), now()).unwrap();
        let last = now() + ACCESS_LIFETIME - TimeDelta::seconds(1);
        assert!(keys.check(&token, last).is_ok());
        let error = keys.check(&token, now() + ACCESS_LIFETIME).unwrap_err();
        assert_eq!(error.code(), ErrorCode::TokenExpired);
    }

    #[test]
    fn a_token_of_other_keys_is_refused() {
        let token = AccessKeys::of_generation(&MasterKey::new([8; 32]), 1).sign(claims(), now()).unwrap();
        let error = AccessKeys::of_generation(&MasterKey::new([7; 32]), 1).check(&token, now()).unwrap_err();
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
        let keys = AccessKeys::of_generation(&MasterKey::new([7; 32]), 1);
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
        let keys = AccessKeys::of_generation(&MasterKey::new([7; 32]), 1);
        assert!(keys.check(&format!("{head}.{body}."), now()).is_err());
    }

    #[test]
    fn refresh_tokens_differ_and_hash_alike() {
        let token = RefreshToken::generate();
        assert_ne!(token.reveal(), RefreshToken::generate().reveal());
        assert_eq!(token.hash(), RefreshToken::presented(token.reveal()).hash());
    }
}
