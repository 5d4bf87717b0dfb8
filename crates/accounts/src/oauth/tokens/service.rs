//! The rules of tokens.

use chrono::{DateTime, TimeDelta, Utc};
use contract::oauth::{TokenAnswer, TokenState};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;

use super::form::{Claimed, Form};
use super::grants::{self, Granted};
use super::queries::{self, NewToken};
use super::{ACCESS_PREFIX, REFRESH_PREFIX, id_token};
use crate::oauth::clients::queries::{Asking, asking};
use crate::oauth::refusal::{Answer, NO_CLIENT};
use crate::oauth::scopes;
use crate::oauth::signer::Key;
use crate::random_secret::{self, RandomSecret};

/// How long an access token is good.
const ACCESS_LASTS: TimeDelta = TimeDelta::minutes(10);
/// How long a refresh token is good; every trade starts the time anew.
const REFRESH_LASTS: TimeDelta = TimeDelta::days(30);

/// Who asks, proved.
async fn client(conn: &mut Conn, form: &Form, now: DateTime<Utc>) -> ApiResult<Answer<Asking>> {
    let Claimed { id, secret } = match form.client() {
        Ok(claimed) => claimed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(asking(conn, id, secret.as_deref(), now).await?.ok_or(NO_CLIENT))
}

/// Gives tokens for a code, a refresh token, or the application's own secret.
pub(super) async fn issue(
    tx: &mut Tx<'_>,
    (issuer, key): (&str, &Key),
    form: &Form,
) -> ApiResult<Answer<TokenAnswer>> {
    let now = tx.now();
    let client = match client(tx, form, now).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match grants::granted(tx, form, &client).await? {
        Ok(granted) => answer(tx, (issuer, key), &granted).await.map(Ok),
        Err(refusal) => Ok(Err(refusal)),
    }
}

async fn answer(tx: &mut Tx<'_>, (issuer, key): (&str, &Key), granted: &Granted) -> ApiResult<TokenAnswer> {
    let access_token = make(tx, granted, ("access", ACCESS_PREFIX), &granted.scopes, ACCESS_LASTS).await?;
    let refresh_token = match &granted.refresh {
        Some(scopes) => Some(make(tx, granted, ("refresh", REFRESH_PREFIX), scopes, REFRESH_LASTS).await?),
        None => None,
    };
    let id_token = match granted.family.user_id.filter(|_| scopes::has(&granted.scopes, scopes::OPENID)) {
        Some(user) => {
            let (face, now) = (queries::face(tx, user).await?, tx.now());
            Some(key.sign(&id_token::claims(issuer, granted, (user, &face), &access_token, now))?)
        }
        None => None,
    };
    let noted = serde_json::json!({"application": granted.family.client_id, "scopes": granted.scopes});
    tx.audit(
        Change::new(granted.family.org_id, "authorisation.tokens_issued", granted.family.id).after(noted),
    );
    Ok(TokenAnswer {
        access_token,
        token_type: "Bearer".to_owned(),
        expires_in: ACCESS_LASTS.num_seconds(),
        scope: granted.scopes.join(" "),
        refresh_token,
        id_token,
    })
}

async fn make(
    tx: &mut Tx<'_>,
    granted: &Granted,
    (kind, prefix): (&'static str, &str),
    scopes: &[String],
    lasts: TimeDelta,
) -> ApiResult<String> {
    let text = format!("{prefix}{}", RandomSecret::generate().reveal());
    let (hash, now) = (random_secret::hash(&text), tx.now());
    let new = NewToken { hash: &hash, family: granted.family.id, kind, scopes, expires_at: now + lasts };
    queries::insert(tx, &new, now).await?;
    Ok(text)
}

/// What an application may know of a token: of its own all, of others nothing.
pub(super) async fn introspect(
    conn: &mut Conn,
    (issuer, now): (&str, DateTime<Utc>),
    form: &Form,
) -> ApiResult<Answer<TokenState>> {
    let client = match client(conn, form, now).await? {
        Ok(client) if client.confidential => client,
        Ok(_) => return Ok(Err(NO_CLIENT)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let token = match form.needed("token") {
        Ok(token) => token,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let found = queries::shown(conn, &random_secret::hash(token), now).await?;
    let Some(shown) = found.filter(|shown| shown.family.client_id == client.id && shown.is_good(now)) else {
        return Ok(Ok(TokenState::default()));
    };
    Ok(Ok(TokenState {
        active: true,
        scope: Some(shown.token_scopes.join(" ")),
        client_id: Some(client.id),
        sub: Some(shown.family.user_id.unwrap_or(client.id)),
        token_type: (shown.kind == "access").then(|| "Bearer".to_owned()),
        exp: Some(shown.token_expires_at.timestamp()),
        iat: Some(shown.token_created_at.timestamp()),
        iss: Some(issuer.to_owned()),
    }))
}

/// Gives up a token: an access token alone, a refresh token with all its family. A token of others, and
/// what is no token, changes nothing and is answered alike (RFC 7009, 2.2).
pub(super) async fn give_up(tx: &mut Tx<'_>, form: &Form) -> ApiResult<Answer<()>> {
    let now = tx.now();
    let client = match client(tx, form, now).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let token = match form.needed("token") {
        Ok(token) => token,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let hash = random_secret::hash(token);
    let found = queries::shown(tx, &hash, now).await?;
    let Some(shown) = found.filter(|shown| shown.family.client_id == client.id) else { return Ok(Ok(())) };
    if shown.kind == "refresh" {
        queries::revoke(tx, shown.family.id, now).await?;
    } else {
        queries::spend(tx, &hash, now).await?;
    }
    let noted = serde_json::json!({"application": client.id, "kind": shown.kind});
    tx.audit(Change::new(shown.family.org_id, "authorisation.given_up", shown.family.id).after(noted));
    Ok(Ok(()))
}
