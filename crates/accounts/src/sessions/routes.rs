//! `/sessions`.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, post, web};
use contract::accounts::{Refresh, Session, SignIn};
use contract::factors::SecondFactorNeeded;
use contract::{ErrorCode, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, Public, SignedIn};
use platform::http::Body;
use uuid::Uuid;

use super::cookie;
use super::queries::{self, ByProvider};
use super::service::{self, Begun, Carrier};
use crate::tokens::{ACCESS_LIFETIME, RefreshToken};
use crate::{Accounts, attempts, factors, identity_providers, people, sign_on};

/// Signs in
///
/// The refresh token travels as an HttpOnly cookie, or in the answer with `token_in_body`.
#[utoipa::path(
    operation_id = "sign_in",
    tag = "sessions",
    request_body = SignIn,
    responses(
        (status = 201, description = "A session has begun", body = Session),
        (status = 202, description = "The password is right; a second factor is asked for", body = SecondFactorNeeded),
        (status = 401, description = "`wrong_credentials`", body = Problem),
        (status = 403, description = "`address_unverified`, `sign_on_required`", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/sessions")]
pub(super) async fn sign_in(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    request: HttpRequest,
    body: Body<SignIn>,
) -> ApiResult<HttpResponse> {
    let tried = attempts::try_once(&guard, &accounts, &request, &body.email).await?;
    let recognised = service::recognise(&guard.db, &accounts.passwords, &body).await;
    if recognised.is_err() {
        guard.wrong_password(&body.email).await;
    }
    let user_id = recognised?;
    attempts::succeeded(&guard, &tried).await?;
    sign_on::refuse_password(&guard.db, user_id).await?;
    factors::admit(&guard, &accounts, (user_id, None), body.token_in_body).await
}

/// Trades a refresh token for a fresh access token and a new refresh token
///
/// A refresh token is good for one use. Using one again ends its session; a browser's cookie is
/// forgiven for ten seconds, because its tabs share it.
#[utoipa::path(
    operation_id = "refresh_session",
    tag = "sessions",
    request_body = Refresh,
    responses(
        (status = 200, description = "The session goes on", body = Session),
        (status = 401, description = "`session_ended`", body = Problem),
    ),
)]
#[post("/sessions/refresh")]
pub(super) async fn refresh_session(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<Refresh>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let (presented, carrier) = match &body.refresh_token {
        Some(token) => (RefreshToken::presented(token), Carrier::Body),
        None => (cookie::read(&request).ok_or(ErrorCode::SessionEnded)?, Carrier::Cookie),
    };
    let goes_on = guard
        .db
        .write(async |tx| service::refresh(tx, &guard.app, guard.request.ip, &presented, carrier).await)
        .await?;
    let begun = goes_on.ok_or(ErrorCode::SessionEnded)?;
    answer(&guard, &accounts, begun, carrier == Carrier::Body, HttpResponse::Ok()).await
}

/// Signs out: the session's tokens are good no more
#[utoipa::path(
    operation_id = "sign_out",
    tag = "sessions",
    security(("bearer" = [])),
    responses(
        (status = 204, description = "The session has ended"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
    ),
)]
#[delete("/sessions/current")]
pub(super) async fn sign_out(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
) -> ApiResult<HttpResponse> {
    let session_id = guard.person()?.session_id;
    guard.db.write(async |tx| service::sign_out(tx, session_id).await).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::forget(accounts.https)).finish())
}

/// Begins a session of somebody who has been recognised, on the device that asks. `sign_on_required` when
/// their organisation wants them to come by its provider.
pub(crate) async fn begin(guard: &Guard<Public>, user_id: Uuid) -> ApiResult<Begun> {
    guard
        .db
        .write(async |tx| {
            if identity_providers::queries::must_come_by_one(tx, user_id).await? {
                return Err(ErrorCode::SignOnRequired.into());
            }
            service::begin(tx, &guard.app, user_id, &guard.request).await
        })
        .await
}

/// Begins a session of somebody who came by a provider, which has not been switched off meanwhile.
pub(crate) async fn begin_by(guard: &Guard<Public>, user_id: Uuid, by: ByProvider) -> ApiResult<Begun> {
    guard
        .db
        .write(async |tx| {
            if !identity_providers::queries::lock_enabled(tx, by.provider).await? {
                return Err(ErrorCode::SignOnOver.into());
            }
            let begun = service::begin(tx, &guard.app, user_id, &guard.request).await?;
            queries::came_by(tx, begun.claims.session_id, &by).await?;
            Ok(begun)
        })
        .await
}

/// The answer that hands out a session's tokens.
pub(crate) async fn answer(
    guard: &Guard<Public>,
    accounts: &Accounts,
    begun: Begun,
    token_in_body: bool,
    mut response: HttpResponseBuilder,
) -> ApiResult<HttpResponse> {
    let now = guard.now();
    let (user_id, first) = (begun.claims.user_id, begun.first);
    let mut session = Session {
        access_token: accounts.keys.sign(begun.claims, now)?,
        expires_at: now + ACCESS_LIFETIME,
        refresh_token: None,
        me: guard.db.read(async |conn| people::queries::me(conn, user_id).await).await?,
    };
    if token_in_body {
        session.refresh_token = Some(begun.refresh.reveal().to_owned());
    } else {
        response.cookie(cookie::keep(&begun.refresh, accounts.https));
        if first {
            let address = session.me.email.to_lowercase();
            response.cookie(attempts::keep(&accounts.attempts_key, &address, accounts.https));
        }
    }
    Ok(response.json(session))
}
