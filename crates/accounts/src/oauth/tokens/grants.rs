//! The three ways to tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::oauth::ClientGrant;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::form::Form;
use super::queries::{self, Family, Shown};
use crate::oauth::clients::queries::Asking;
use crate::oauth::refusal::{Answer, BAD_FORM, BAD_GRANT, BAD_SCOPE, NOT_ALLOWED, UNKNOWN_GRANT};
use crate::oauth::scopes;
use crate::random_secret;

/// What tokens are to be made of.
pub(super) struct Granted {
    pub family: Family,
    /// What the access token may do.
    pub scopes: Vec<String>,
    /// What the refresh token may ask for; none when there is to be none.
    pub refresh: Option<Vec<String>>,
    /// Whether it comes of a code, and so carries the nonce.
    pub first: bool,
}

/// What the form's grant leads to.
pub(super) async fn granted(tx: &mut Tx<'_>, form: &Form, client: &Asking) -> ApiResult<Answer<Granted>> {
    let named = match form.needed("grant_type") {
        Ok(named) => named,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(grant) = ClientGrant::ALL.into_iter().find(|grant| grant.name() == named) else {
        return Ok(Err(UNKNOWN_GRANT));
    };
    if !client.grants.iter().any(|own| own == named) {
        return Ok(Err(NOT_ALLOWED));
    }
    match grant {
        ClientGrant::AuthorizationCode => by_code(tx, form, client).await,
        ClientGrant::RefreshToken => by_refresh(tx, form, client).await,
        ClientGrant::ClientCredentials => by_itself(tx, form, client).await,
    }
}

async fn by_code(tx: &mut Tx<'_>, form: &Form, client: &Asking) -> ApiResult<Answer<Granted>> {
    let parts = (form.field("code"), form.field("redirect_uri"), form.field("code_verifier"));
    let (Some(code), Some(redirect), Some(verifier)) = parts else { return Ok(Err(BAD_FORM)) };
    let now = tx.now();
    let found = queries::of_code(tx, &random_secret::hash(code), now).await?;
    let Some(family) = found.filter(|family| family.client_id == client.id) else {
        return Ok(Err(BAD_GRANT));
    };
    if family.code_used_at.is_some() {
        // It was copied; nobody can tell who holds the tokens it gave.
        return stolen(tx, &family, "authorisation.code_reused").await;
    }
    queries::use_code(tx, family.id, now).await?;
    let good = family.good
        && family.in_session
        && family.code_expires_at.is_some_and(|end| end > now)
        && family.redirect_uri.as_deref() == Some(redirect)
        && proves(verifier, family.challenge.as_deref());
    if !good {
        return Ok(Err(BAD_GRANT));
    }
    // What the application was registered for in the meantime counts.
    let scopes: Vec<_> =
        family.scopes.iter().filter(|scope| client.scopes.contains(scope)).cloned().collect();
    let lasting = scopes::has(&scopes, scopes::OFFLINE)
        && client.grants.iter().any(|grant| grant == ClientGrant::RefreshToken.name());
    let refresh = lasting.then(|| scopes.clone());
    Ok(Ok(Granted { family, scopes, refresh, first: true }))
}

async fn by_refresh(tx: &mut Tx<'_>, form: &Form, client: &Asking) -> ApiResult<Answer<Granted>> {
    let token = match form.needed("refresh_token") {
        Ok(token) => token,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (hash, now) = (random_secret::hash(token), tx.now());
    let found = queries::shown(tx, &hash, now).await?;
    let Some(shown) = found.filter(|shown| shown.kind == "refresh" && shown.family.client_id == client.id)
    else {
        return Ok(Err(BAD_GRANT));
    };
    if shown.spent {
        return stolen(tx, &shown.family, "authorisation.token_reused").await;
    }
    if !shown.is_good(now) {
        return Ok(Err(BAD_GRANT));
    }
    let Shown { family, token_scopes, .. } = shown;
    let most: Vec<_> = token_scopes.into_iter().filter(|scope| client.scopes.contains(scope)).collect();
    let scopes = match form.field("scope").map(scopes::read) {
        None => most.clone(),
        Some(fewer) if scopes::cover(&most, &fewer) => fewer,
        Some(_) => return Ok(Err(BAD_SCOPE)),
    };
    queries::spend(tx, &hash, now).await?;
    Ok(Ok(Granted { family, scopes, refresh: Some(most), first: false }))
}

async fn by_itself(tx: &mut Tx<'_>, form: &Form, client: &Asking) -> ApiResult<Answer<Granted>> {
    let own = |scope: &&String| !scopes::IDENTITY.contains(&scope.as_str());
    let most: Vec<String> = client.scopes.iter().filter(own).cloned().collect();
    let scopes = match form.field("scope").map(scopes::read) {
        None => most,
        Some(fewer) if scopes::cover(&most, &fewer) => fewer,
        Some(_) => return Ok(Err(BAD_SCOPE)),
    };
    if !client.confidential {
        return Ok(Err(NOT_ALLOWED));
    }
    if scopes.is_empty() {
        return Ok(Err(BAD_SCOPE));
    }
    let now = tx.now();
    let family = Family {
        id: new_id(),
        client_id: client.id,
        user_id: None,
        org_id: Some(client.org_id),
        scopes: scopes.clone(),
        auth_time: None,
        nonce: None,
        redirect_uri: None,
        challenge: None,
        code_expires_at: None,
        code_used_at: None,
        good: true,
        in_session: false,
    };
    queries::insert_own(tx, family.id, (client.id, client.org_id), &scopes, now).await?;
    Ok(Ok(Granted { family, scopes, refresh: None, first: true }))
}

/// Ends all that came of an authorisation; the refusal is as for any other bad code or token.
async fn stolen(tx: &mut Tx<'_>, family: &Family, action: &'static str) -> ApiResult<Answer<Granted>> {
    let now = tx.now();
    queries::revoke(tx, family.id, now).await?;
    let noted = json!({"application": family.client_id});
    tx.audit(Change::new(family.org_id, action, family.id).after(noted));
    Ok(Err(BAD_GRANT))
}

/// Whether the verifier is what the challenge was made of (RFC 7636, 4.6).
fn proves(verifier: &str, challenge: Option<&str>) -> bool {
    let fit = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let made = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    fit && challenge.is_some_and(|challenge| bool::from(made.as_bytes().ct_eq(challenge.as_bytes())))
}
