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
}

/// Signs and checks access tokens with Ed25519 (RFC 8037). The newest master key signs; a token that
/// an older one signed is good until it ends.
#[derive(Clone)]
pub struct AccessKeys(Arc<Inner>);

struct Inner {
    ring: MasterKey,
    /// Made from the ring, newest first; made anew when the ring has changed.
    pairs: RwLock<Arc<Pairs>>,
}

struct Pairs {
    made_from: Vec<KeyId>,
    pairs: Vec<Pair>,
}

struct Pair {
    key_id: String,
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl Pair {
    /// Keys from 32 secret bytes; the key id is derived from the public half.
    fn from_seed(seed: &[u8; 32]) -> Self {
        let public = SigningKey::from_bytes(seed).verifying_key().to_bytes();
        Self {
            key_id: URL_SAFE_NO_PAD.encode(&Sha256::digest(public)[..8]),
            signing: EncodingKey::from_ed_der(&pkcs8(seed)),
            verifying: DecodingKey::from_ed_der(&public),
        }
    }
}

impl AccessKeys {
    /// The keys of a ring.
    pub fn of(ring: &MasterKey) -> Self {
        let pairs = RwLock::new(Arc::new(make(ring)));
        Self(Arc::new(Inner { ring: ring.clone(), pairs }))
    }

    /// The pairs of the ring as it is now.
    fn pairs(&self) -> Arc<Pairs> {
        let held = Arc::clone(&self.0.pairs.read().unwrap_or_else(PoisonError::into_inner));
        if held.made_from == self.0.ring.ids() {
            return held;
        }
        let made = Arc::new(make(&self.0.ring));
        *self.0.pairs.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&made);
        made
    }

    /// An access token that is good for [`ACCESS_LIFETIME`] from `now`.
    ///
    /// # Errors
    /// Internal, when signing fails.
    pub fn sign(&self, claims: AccessClaims, now: DateTime<Utc>) -> ApiResult<String> {
        let pairs = self.pairs();
        let newest =
            pairs.pairs.first().ok_or_else(|| ApiError::internal(anyhow::anyhow!("no master key")))?;
        let header = Header { kid: Some(newest.key_id.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = JwtClaims {
            iss: ISSUER.to_owned(),
            sub: claims.user_id,
            sid: claims.session_id,
            iat: now.timestamp(),
            exp: (now + ACCESS_LIFETIME).timestamp(),
        };
        jsonwebtoken::encode(&header, &claims, &newest.signing).map_err(ApiError::internal)
    }

    /// The claims of a token signed by these keys.
    ///
    /// # Errors
    /// `not_signed_in` for anything that is not such a token, `token_expired` for one whose time is over.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> ApiResult<AccessClaims> {
        let not_ours = || ApiError::from(ErrorCode::NotSignedIn);
        let named = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid);
        let named = named.ok_or_else(not_ours)?;
        let known = |pairs: &Pairs| pairs.pairs.iter().position(|pair| pair.key_id == named);
        let mut pairs = self.pairs();
        if known(&pairs).is_none() {
            // Another process may have signed it with a key that was added a moment ago.
            self.0.ring.look_again();
            pairs = self.pairs();
        }
        let pair = &pairs.pairs[known(&pairs).ok_or_else(not_ours)?];
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "iss", "sub"]);
        rules.validate_exp = false; // below, by the server's clock
        let token =
            jsonwebtoken::decode::<JwtClaims>(token, &pair.verifying, &rules).map_err(|_| not_ours())?;
        if token.claims.exp <= now.timestamp() {
            return Err(ErrorCode::TokenExpired.into());
        }
        Ok(AccessClaims { user_id: token.claims.sub, session_id: token.claims.sid })
    }
}

fn make(ring: &MasterKey) -> Pairs {
    let (made_from, seeds) = ring.derive_all_named("access tokens").into_iter().unzip();
    let seeds: Vec<[u8; 32]> = seeds;
    Pairs { made_from, pairs: seeds.iter().map(Pair::from_seed).collect() }
}

/// The PKCS #8 form (RFC 8410, section 7) of an Ed25519 private key: a fixed head, then the seed.
fn pkcs8(seed: &[u8; 32]) -> Vec<u8> {
    const HEAD: [u8; 16] =
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    [HEAD.as_slice(), seed].concat()
}

/// A refresh token: 256 random bits that only its holder knows. What is stored is its hash, so a
/// stolen database signs nobody in.
pub struct RefreshToken(String);

impl RefreshToken {
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
        let keys = AccessKeys::of(&MasterKey::new([7; 32]));
        let token = keys.sign(claims(), now()).unwrap();
        assert_eq!(keys.check(&token, now()).unwrap(), claims());
    }

    #[test]
    fn a_token_ends_after_ten_minutes() {
        let keys = AccessKeys::of(&MasterKey::new([7; 32]));
        let token = keys.sign(claims(), now()).unwrap();
        let last = now() + ACCESS_LIFETIME - TimeDelta::seconds(1);
        assert!(keys.check(&token, last).is_ok());
        let error = keys.check(&token, now() + ACCESS_LIFETIME).unwrap_err();
        assert_eq!(error.code(), ErrorCode::TokenExpired);
    }

    #[test]
    fn a_token_of_other_keys_is_refused() {
        let token = AccessKeys::of(&MasterKey::new([8; 32])).sign(claims(), now()).unwrap();
        let error = AccessKeys::of(&MasterKey::new([7; 32])).check(&token, now()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotSignedIn);
    }

    #[test]
    fn a_token_signed_before_a_rotation_is_good_until_it_ends() {
        let before = AccessKeys::of(&MasterKey::new([7; 32])).sign(claims(), now()).unwrap();
        let rotated = AccessKeys::of(&MasterKey::ring([8; 32], &[[7; 32]]));
        assert_eq!(rotated.check(&before, now()).unwrap(), claims());
        let after = rotated.sign(claims(), now()).unwrap();
        assert_eq!(AccessKeys::of(&MasterKey::new([8; 32])).check(&after, now()).unwrap(), claims());
        assert!(AccessKeys::of(&MasterKey::new([7; 32])).check(&after, now()).is_err());
    }

    #[test]
    fn every_altered_character_is_noticed() {
        let keys = AccessKeys::of(&MasterKey::new([7; 32]));
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
        let keys = AccessKeys::of(&MasterKey::new([7; 32]));
        assert!(keys.check(&format!("{head}.{body}."), now()).is_err());
    }

    #[test]
    fn refresh_tokens_differ_and_hash_alike() {
        let token = RefreshToken::generate();
        assert_ne!(token.reveal(), RefreshToken::generate().reveal());
        assert_eq!(token.hash(), RefreshToken::presented(token.reveal()).hash());
    }
}
