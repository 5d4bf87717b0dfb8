//! Between the password and the session: whether a second factor is asked for.

use actix_web::HttpResponse;
use contract::ErrorCode;
use contract::factors::{Method, SecondFactorNeeded};
use platform::db::Tx;
use platform::error::ApiResult;
use platform::guard::{Guard, Public};
use uuid::Uuid;

use super::queries as challenges;
use super::service::{self, Purpose};
use crate::Accounts;
use crate::factors::queries;
use crate::risk::{self, Place};
use crate::sessions::{self, Begun, ByProvider};

/// Lets somebody in whose password was right, or who came by a provider: with a session, or with a question
/// first.
pub(crate) async fn admit(
    guard: &Guard<Public>,
    accounts: &Accounts,
    (user_id, provider): (Uuid, Option<Uuid>),
    token_in_body: bool,
) -> ApiResult<HttpResponse> {
    let works = accounts.relying_party.works();
    let needed = guard.db.write(async |tx| question(tx, guard, works, (user_id, provider)).await).await?;
    if let Some(needed) = needed {
        return Ok(HttpResponse::Accepted().json(needed));
    }
    let begun = begin(guard, user_id, provider).await?;
    sessions::answer(guard, accounts, begun, token_in_body, HttpResponse::Created()).await
}

/// Begins the session, noting by which provider it was.
pub(super) async fn begin(guard: &Guard<Public>, user_id: Uuid, provider: Option<Uuid>) -> ApiResult<Begun> {
    match provider {
        Some(provider) => sessions::begin_by(guard, user_id, ByProvider { provider, trusting: None }).await,
        None => sessions::begin(guard, user_id).await,
    }
}

/// The question to put, if any. Somebody with a factor is always asked. Others are asked for a mailed
/// code when the attempt is risky, and let in where there is no way to ask: nobody is locked out for
/// good.
async fn question(
    tx: &mut Tx<'_>,
    guard: &Guard<Public>,
    passkeys_work: bool,
    (user_id, provider): (Uuid, Option<Uuid>),
) -> ApiResult<Option<SecondFactorNeeded>> {
    let has = queries::has(tx, user_id).await?;
    let methods: Vec<Method> = has.methods(passkeys_work);
    let place = Place::of(&guard.request);
    if !has.any() {
        let risk = risk::judge_sign_in(tx, &guard.app, user_id, &guard.request).await?.risk;
        if risk.is_none() || methods.is_empty() {
            return Ok(None);
        }
        tracing::info!(%user_id, ?risk, "a risky sign-in is asked for a mailed code");
    } else if methods.is_empty() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let put = service::put(tx, Purpose::SignIn, Some(user_id), None, &place, None).await?;
    if let Some(provider) = provider {
        challenges::came_by(tx, put.challenge.id, provider).await?;
    }
    Ok(Some(SecondFactorNeeded { challenge: put.challenge, methods, expires_at: put.expires_at }))
}
