//! Signs ID tokens with RS256, which every relying party understands. The key is made once, when it is
//! first needed, and kept sealed in the database, so that all processes sign with the same.

use std::sync::Arc;

use anyhow::anyhow;
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Binary, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use domain::ids::new_id;
use platform::db::{Db, sql};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

const PURPOSE: &str = "signing key of id tokens";

/// The key, read once by each process.
#[derive(Clone, Default)]
pub(crate) struct Signer(Arc<OnceCell<Key>>);

/// The key and its name.
pub(super) struct Key {
    id: String,
    pair: KeyPair,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

impl Signer {
    /// The key; made when there is none yet.
    pub(super) async fn key(&self, db: &Db, master: &MasterKey) -> ApiResult<&Key> {
        self.0.get_or_try_init(async || load(db, master).await).await
    }
}

async fn load(db: &Db, master: &MasterKey) -> ApiResult<Key> {
    let row = match db.read(async |conn| Ok(kept().get_result(conn).await.optional()?)).await? {
        Some(row) => row,
        None => make(db, master).await?,
    };
    let bytes = master.open(PURPOSE, &row.sealed)?;
    let pair =
        KeyPair::from_pkcs8(&bytes).map_err(|_| ApiError::internal(anyhow!("an unreadable RSA key")))?;
    Ok(Key { id: row.id.to_string(), pair })
}

fn kept() -> platform::db::Sql {
    sql("SELECT id, sealed FROM oauth_signing_keys")
}

/// Of two processes that make a key at once, the first one's is kept.
async fn make(db: &Db, master: &MasterKey) -> ApiResult<KeyRow> {
    let failed = || ApiError::internal(anyhow!("no RSA key could be made"));
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| failed())?;
    let bytes: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| failed())?;
    let sealed = master.seal(PURPOSE, bytes.as_ref());
    let now = db.now();
    db.statement(async |conn| {
        sql("INSERT INTO oauth_signing_keys (id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind::<SqlUuid, _>(new_id())
            .bind::<Binary, _>(&sealed)
            .bind::<Timestamptz, _>(now)
            .execute(conn)
            .await?;
        Ok(kept().get_result(conn).await?)
    })
    .await
}

impl Key {
    /// The public half as a JWK (RFC 7517, RFC 7518).
    pub(super) fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id,
            "n": encode(public.modulus().big_endian_without_leading_zero()),
            "e": encode(public.exponent().big_endian_without_leading_zero()),
        })
    }

    /// A signed token (RFC 7515, 7519) with these claims.
    pub(super) fn sign(&self, claims: &Value) -> ApiResult<String> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = json!({"alg": "RS256", "typ": "JWT", "kid": self.id});
        let text = format!("{}.{}", part(&head), part(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| ApiError::internal(anyhow!("an ID token could not be signed")))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
