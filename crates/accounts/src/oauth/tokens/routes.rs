//! `/oauth/token`, `/oauth/introspect` and `/oauth/revoke`: forms in, and refusals as RFC 6749 has them.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use contract::oauth::{AboutTokenForm, OauthRefusal, TokenAnswer, TokenForm, TokenState};
use platform::error::ApiResult;
use platform::guard::{Applications, Guard};
use platform::http::Raw;
use serde::Serialize;

use super::form::Form;
use super::service;
use crate::Accounts;
use crate::oauth::refusal::Answer;

/// An answer nobody on the way keeps.
fn told<T: Serialize>(answer: Answer<T>) -> HttpResponse {
    match answer {
        Ok(answer) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::PRAGMA, "no-cache"))
            .json(answer),
        Err(refusal) => refusal.response(),
    }
}

/// Gives an application tokens (RFC 6749)
///
/// A confidential application proves who it is by `client_secret_basic` or `client_secret_post`, a public
/// one names itself. Refusals are `error` and `error_description`, no problem documents.
#[utoipa::path(
    operation_id = "issue_tokens",
    tag = "applications",
    security((), ("client" = [])),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Tokens", body = TokenAnswer),
        (status = 400, description = "`invalid_request`, `invalid_grant`, `invalid_scope`, `unauthorized_client`, `unsupported_grant_type`", body = OauthRefusal),
        (status = 401, description = "`invalid_client`", body = OauthRefusal),
    ),
)]
#[post("/oauth/token")]
pub(super) async fn issue_tokens(
    guard: Guard<Applications>,
    accounts: web::Data<Accounts>,
    request: HttpRequest,
    body: Raw,
) -> ApiResult<HttpResponse> {
    let form = match Form::read(&request, &body) {
        Ok(form) => form,
        Err(refusal) => return Ok(refusal.response()),
    };
    let issuer = guard.app.config.public_url();
    let key = accounts.signer.key(&guard.app.db, &guard.app.keys).await?;
    let by = (issuer.as_str(), &key);
    Ok(told(guard.db.write(async |tx| service::issue(tx, by, &form).await).await?))
}

/// What is known of a token (RFC 7662): an application asks about its own
#[utoipa::path(
    operation_id = "introspect_token",
    tag = "applications",
    security((), ("client" = [])),
    request_body(content = AboutTokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token, or that it is not active", body = TokenState),
        (status = 400, description = "`invalid_request`", body = OauthRefusal),
        (status = 401, description = "`invalid_client`, also for one without a secret", body = OauthRefusal),
    ),
)]
#[post("/oauth/introspect")]
pub(super) async fn introspect_token(
    guard: Guard<Applications>,
    request: HttpRequest,
    body: Raw,
) -> ApiResult<HttpResponse> {
    let form = match Form::read(&request, &body) {
        Ok(form) => form,
        Err(refusal) => return Ok(refusal.response()),
    };
    let (issuer, now) = (guard.app.config.public_url(), guard.now());
    Ok(told(guard.db.read(async |conn| service::introspect(conn, (&issuer, now), &form).await).await?))
}

/// Gives up a token (RFC 7009); with a refresh token all that came of it
#[utoipa::path(
    operation_id = "give_up_token",
    tag = "applications",
    security((), ("client" = [])),
    request_body(content = AboutTokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is good no more, or never was"),
        (status = 400, description = "`invalid_request`", body = OauthRefusal),
        (status = 401, description = "`invalid_client`", body = OauthRefusal),
    ),
)]
#[post("/oauth/revoke")]
pub(super) async fn give_up_token(
    guard: Guard<Applications>,
    request: HttpRequest,
    body: Raw,
) -> ApiResult<HttpResponse> {
    let form = match Form::read(&request, &body) {
        Ok(form) => form,
        Err(refusal) => return Ok(refusal.response()),
    };
    Ok(match guard.db.write(async |tx| service::give_up(tx, &form).await).await? {
        Ok(()) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).finish(),
        Err(refusal) => refusal.response(),
    })
}
