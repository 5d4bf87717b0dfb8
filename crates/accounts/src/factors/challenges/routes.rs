//! `/sessions/challenges` and `/sessions/passkey`.

use actix_web::{HttpResponse, post, web};
use contract::Problem;
use contract::accounts::Session;
use contract::factors::{AboutChallenge, AnswerChallenge, PasskeyOptions, PasskeySignIn};
use platform::error::ApiResult;
use platform::guard::{Guard, Public};
use platform::http::{Body, Path};
use platform::limits::Tier;
use uuid::Uuid;

use super::queries::{self, Holder};
use super::{code, service, sign_in};
use crate::factors::passkeys;
use crate::{Accounts, sessions};

/// Begins to sign in by a passkey alone
///
/// A passkey checks who holds it, so it counts as both factors. Answer at `/sessions/challenges/{id}`.
#[utoipa::path(
    operation_id = "begin_passkey_sign_in",
    tag = "sessions",
    responses(
        (status = 201, description = "What the passkey has to sign", body = PasskeySignIn),
        (status = 409, description = "`factor_unavailable`: passkeys need an address with a name", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/sessions/passkey")]
pub(super) async fn begin_passkey_sign_in(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
) -> ApiResult<HttpResponse> {
    let begun = passkeys::begin_sign_in(&guard, &accounts.relying_party).await?;
    Ok(HttpResponse::Created().json(begun))
}

/// Mails a code for the question that signing in put
///
/// A newer code ends the older one. The code is good for ten minutes.
#[utoipa::path(
    operation_id = "mail_challenge_code",
    tag = "sessions",
    params(("challenge_id" = Uuid, Path, description = "The question")),
    request_body = AboutChallenge,
    responses(
        (status = 204, description = "A code is on its way"),
        (status = 409, description = "`factor_unavailable`", body = Problem),
        (status = 410, description = "`challenge_over`", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/sessions/challenges/{challenge_id}/code")]
pub(super) async fn mail_challenge_code(
    guard: Guard<Public>,
    path: Path<Uuid>,
    body: Body<AboutChallenge>,
) -> ApiResult<HttpResponse> {
    let (holder, code) = (Holder::of_secret(&body.secret), code::generate());
    guard.db.write(async |tx| code::mail(tx, &guard.app, *path, &holder, &code).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a passkey has to sign for the question that signing in put
#[utoipa::path(
    operation_id = "begin_challenge_passkey",
    tag = "sessions",
    params(("challenge_id" = Uuid, Path, description = "The question")),
    request_body = AboutChallenge,
    responses(
        (status = 200, description = "For `navigator.credentials.get`", body = PasskeyOptions),
        (status = 409, description = "`factor_unavailable`", body = Problem),
        (status = 410, description = "`challenge_over`", body = Problem),
    ),
)]
#[post("/sessions/challenges/{challenge_id}/passkey")]
pub(super) async fn begin_challenge_passkey(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    path: Path<Uuid>,
    body: Body<AboutChallenge>,
) -> ApiResult<HttpResponse> {
    let (holder, relying_party) = (Holder::of_secret(&body.secret), &accounts.relying_party);
    let options = guard.db.write(async |tx| passkeys::ask(tx, relying_party, *path, &holder).await).await?;
    Ok(HttpResponse::Ok().json(options))
}

/// Answers the question that signing in put
///
/// A wrong answer costs one of five tries. The refresh token travels as with signing in.
#[utoipa::path(
    operation_id = "answer_challenge",
    tag = "sessions",
    params(("challenge_id" = Uuid, Path, description = "The question")),
    request_body = AnswerChallenge,
    responses(
        (status = 201, description = "A session has begun", body = Session),
        (status = 403, description = "`sign_on_required`, for a passkey alone", body = Problem),
        (status = 410, description = "`challenge_over`", body = Problem),
        (status = 422, description = "`wrong_proof`, `invalid_fields`", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/sessions/challenges/{challenge_id}")]
pub(super) async fn answer_challenge(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    path: Path<Uuid>,
    body: Body<AnswerChallenge>,
) -> ApiResult<HttpResponse> {
    guard.limit(Tier::SignIn, &format!("challenge|{}", *path)).await?;
    let holder = Holder::of_secret(&body.secret);
    let user_id = service::prove(&guard, &accounts, *path, &holder, &body.proof, async |_, _| Ok(())).await?;
    let provider = guard.db.read(async |conn| queries::provider_of(conn, *path).await).await?;
    let begun = sign_in::begin(&guard, user_id, provider).await?;
    sessions::answer(&guard, &accounts, begun, body.token_in_body, HttpResponse::Created()).await
}
