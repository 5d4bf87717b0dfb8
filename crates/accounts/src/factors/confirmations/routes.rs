//! `/confirmations`.

use actix_web::{HttpResponse, post, web};
use contract::Problem;
use contract::factors::{Confirmation, Confirmed, PasskeyOptions, ProveIdentity};
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::{Body, Created, Path};
use platform::limits::Tier;
use uuid::Uuid;

use super::service;
use crate::Accounts;
use crate::factors::challenges::code;
use crate::factors::challenges::queries::Holder;
use crate::factors::passkeys;
use crate::risk::Place;

/// Begins to prove once more who one is
///
/// What matters most answers `confirmation_needed` unless that was done in the last quarter of an hour.
#[utoipa::path(
    operation_id = "start_confirmation",
    tag = "factors",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "How it can be proved", body = Confirmation),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
    ),
)]
#[post("/confirmations")]
pub(super) async fn start_confirmation(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
) -> ApiResult<Created<Confirmation>> {
    let (person, place, works) = (guard.person()?, Place::of(&guard.request), accounts.relying_party.works());
    guard.create(&(), async |tx| service::start(tx, person, &place, works).await).await
}

/// Mails a code for a confirmation
#[utoipa::path(
    operation_id = "mail_confirmation_code",
    tag = "factors",
    security(("bearer" = [])),
    params(("challenge_id" = Uuid, Path, description = "The confirmation")),
    responses(
        (status = 204, description = "A code is on its way"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 409, description = "`factor_unavailable`", body = Problem),
        (status = 410, description = "`challenge_over`", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/confirmations/{challenge_id}/code")]
pub(super) async fn mail_confirmation_code(
    guard: Guard<SignedIn>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let (holder, code) = (Holder::of_session(guard.person()?.session_id), code::generate());
    guard.db.write(async |tx| code::mail(tx, &guard.app, *path, &holder, &code).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a passkey has to sign for a confirmation
#[utoipa::path(
    operation_id = "begin_confirmation_passkey",
    tag = "factors",
    security(("bearer" = [])),
    params(("challenge_id" = Uuid, Path, description = "The confirmation")),
    responses(
        (status = 200, description = "For `navigator.credentials.get`", body = PasskeyOptions),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 409, description = "`factor_unavailable`", body = Problem),
        (status = 410, description = "`challenge_over`", body = Problem),
    ),
)]
#[post("/confirmations/{challenge_id}/passkey")]
pub(super) async fn begin_confirmation_passkey(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let (holder, relying_party) = (Holder::of_session(guard.person()?.session_id), &accounts.relying_party);
    let options = guard.db.write(async |tx| passkeys::ask(tx, relying_party, *path, &holder).await).await?;
    Ok(HttpResponse::Ok().json(options))
}

/// Proves who one is
///
/// The session may do what matters most for a quarter of an hour. A wrong answer costs one of five tries.
#[utoipa::path(
    operation_id = "prove_identity",
    tag = "factors",
    security(("bearer" = [])),
    params(("challenge_id" = Uuid, Path, description = "The confirmation")),
    request_body = ProveIdentity,
    responses(
        (status = 200, description = "Until when it counts", body = Confirmed),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 410, description = "`challenge_over`", body = Problem),
        (status = 422, description = "`wrong_proof`, `invalid_fields`", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/confirmations/{challenge_id}")]
pub(super) async fn prove_identity(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
    path: Path<Uuid>,
    body: Body<ProveIdentity>,
) -> ApiResult<HttpResponse> {
    guard.limit(Tier::SignIn, &format!("confirmation|{}", guard.person()?.user_id)).await?;
    let confirmed = service::prove(&guard, &accounts, *path, &body.proof).await?;
    Ok(HttpResponse::Ok().json(confirmed))
}
