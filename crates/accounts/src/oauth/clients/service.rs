//! The rules of applications.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::oauth::{
    ClientGrant, ClientKind, CreateOauthClient, NewOauthClient, OauthClient, UpdateOauthClient,
};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{queries, redirect};
use crate::oauth::scopes;
use crate::random_secret::{self, RandomSecret};
use crate::rights::Holder;

const PURPOSE: &str = "new application secrets";
/// With what each secret begins, so that scanners of source code find lost ones.
const PREFIX: &str = "rcs_";
/// How long an old secret goes on when nothing else is wished.
const OVERLAP_HOURS: u32 = 24;

/// An application with its secret sealed: what an `Idempotency-Key` keeps must not hold the secret.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedClient {
    client: OauthClient,
    sealed: Option<Vec<u8>>,
}

impl SealedClient {
    /// What the caller is shown this once.
    pub(super) fn open(self, keys: &MasterKey) -> ApiResult<NewOauthClient> {
        let open = |sealed: Vec<u8>| -> ApiResult<String> {
            String::from_utf8(keys.open(PURPOSE, &sealed)?).map_err(ApiError::internal)
        };
        Ok(NewOauthClient { client: self.client, secret: self.sealed.map(open).transpose()? })
    }
}

/// Registers an application that may ask for no more than its maker holds.
pub(super) async fn create(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    (org, holder, by): (Uuid, Holder, Option<Uuid>),
    wish: &CreateOauthClient,
) -> ApiResult<SealedClient> {
    let described = UpdateOauthClient {
        name: wish.name.clone(),
        redirect_uris: wish.redirect_uris.clone(),
        grants: wish.grants.clone(),
        scopes: wish.scopes.clone(),
    };
    check(holder, wish.kind, &described)?;
    let client = OauthClient {
        id: new_id(),
        name: wish.name.trim().to_owned(),
        kind: wish.kind,
        redirect_uris: wish.redirect_uris.clone(),
        grants: wish.grants.clone(),
        scopes: wish.scopes.clone(),
        created_by: by,
        created_at: tx.now(),
        old_secret_until: None,
    };
    queries::insert(tx, org, &client).await?;
    tx.audit(Change::new(Some(org), "application.registered", client.id).after(noted(&client)));
    let sealed = match client.kind {
        ClientKind::Confidential => Some(new_secret(tx, keys, client.id).await?),
        ClientKind::Public => None,
    };
    Ok(SealedClient { client, sealed })
}

/// Changes an application.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    (org, holder): (Uuid, Holder),
    id: Uuid,
    wish: &UpdateOauthClient,
) -> ApiResult<OauthClient> {
    let now = tx.now();
    queries::lock(tx, org, id).await?;
    let before = queries::find(tx, org, now, id).await?;
    holder.must_hold(scopes::permissions(&before.scopes))?;
    check(holder, before.kind, wish)?;
    queries::update(tx, org, id, wish).await?;
    let after = queries::find(tx, org, now, id).await?;
    tx.audit(Change::new(Some(org), "application.changed", id).between(noted(&before), noted(&after)));
    Ok(after)
}

/// Gives an application a new secret; the present one goes on for the overlap. Whoever is shown a secret
/// could use it, so they hold what the application may do.
pub(super) async fn rotate(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    (org, holder): (Uuid, Holder),
    id: Uuid,
    overlap_hours: Option<u32>,
) -> ApiResult<SealedClient> {
    let now = tx.now();
    queries::lock(tx, org, id).await?;
    let client = queries::find(tx, org, now, id).await?;
    holder.must_hold(scopes::permissions(&client.scopes))?;
    if client.kind == ClientKind::Public {
        return Err(ErrorCode::WrongState.into());
    }
    let until = now + TimeDelta::hours(overlap_hours.unwrap_or(OVERLAP_HOURS).into());
    queries::end_secrets(tx, id, until, now).await?;
    let sealed = Some(new_secret(tx, keys, id).await?);
    tx.audit(Change::new(Some(org), "application.rotated", id).after(json!({"old_secret_until": until})));
    Ok(SealedClient { client: queries::find(tx, org, now, id).await?, sealed })
}

/// Ends an application with all that came of it.
pub(super) async fn delete(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    if !queries::delete(tx, org, id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "application.deleted", id));
    Ok(())
}

async fn new_secret(tx: &mut Tx<'_>, keys: &MasterKey, id: Uuid) -> ApiResult<Vec<u8>> {
    let text = format!("{PREFIX}{}", RandomSecret::generate().reveal());
    let now = tx.now();
    queries::insert_secret(tx, id, &random_secret::hash(&text), now).await?;
    Ok(keys.seal(PURPOSE, text.as_bytes()))
}

/// What the log keeps of an application.
fn noted(client: &OauthClient) -> Value {
    json!({
        "kind": client.kind, "redirect_uris": client.redirect_uris, "grants": client.grants, "scopes": client.scopes,
    })
}

fn check(holder: Holder, kind: ClientKind, wish: &UpdateOauthClient) -> ApiResult<()> {
    let refuse = |field: &str, fault: &str, text: &str| {
        Err(ApiError::new(ErrorCode::InvalidFields).field_fault(field, fault, text))
    };
    let has = |grant| wish.grants.contains(&grant);
    if wish.name.trim().is_empty() {
        return refuse("name", "too_short", "It needs a name.");
    }
    if let Some(place) = wish.redirect_uris.iter().position(|uri| !redirect::is_fit(uri)) {
        let field = format!("redirect_uris[{place}]");
        return refuse(
            &field,
            "wrong_form",
            "It must be https, or http on this machine, without a fragment.",
        );
    }
    if has(ClientGrant::AuthorizationCode) == wish.redirect_uris.is_empty() {
        return refuse("redirect_uris", "invalid", "They go with the grant authorization_code.");
    }
    if has(ClientGrant::RefreshToken) && !has(ClientGrant::AuthorizationCode) {
        return refuse("grants", "invalid", "A refresh token comes of a code.");
    }
    if has(ClientGrant::ClientCredentials) && kind == ClientKind::Public {
        return refuse("grants", "invalid", "Only an application with a secret acts for itself.");
    }
    if let Some(place) = wish.scopes.iter().position(|scope| !scopes::is_known(scope)) {
        return refuse(&format!("scopes[{place}]"), "unknown", "There is no such scope.");
    }
    holder.must_hold(scopes::permissions(&wish.scopes))
}
