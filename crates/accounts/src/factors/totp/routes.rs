//! `/me/factors/totp`.

use actix_web::{HttpResponse, delete, post};
use contract::Problem;
use contract::factors::{ConfirmTotp, RecoveryCodes, TotpEnrolment};
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::Body;
use platform::limits::Tier;

use super::service;

/// Begins to add an authenticator app
///
/// It counts once `/me/factors/totp/confirm` got a code of it; beginning anew forgets an earlier offer.
#[utoipa::path(
    operation_id = "start_totp",
    tag = "factors",
    security(("bearer" = [])),
    responses(
        (status = 201, description = "What the app needs; shown this once", body = TotpEnrolment),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 409, description = "`wrong_state`: there is one already", body = Problem),
    ),
)]
#[post("/me/factors/totp")]
pub(super) async fn start_totp(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let person = guard.person()?;
    let offered = guard
        .db
        .write(async |tx| service::start(tx, &guard.app, person.user_id, &person.email).await)
        .await?;
    Ok(HttpResponse::Created().json(offered))
}

/// Adds the authenticator app, by its first code
#[utoipa::path(
    operation_id = "confirm_totp",
    tag = "factors",
    security(("bearer" = [])),
    request_body = ConfirmTotp,
    responses(
        (status = 200, description = "Recovery codes; shown this once", body = RecoveryCodes),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 409, description = "`wrong_state`: none was begun", body = Problem),
        (status = 422, description = "`wrong_proof`", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/me/factors/totp/confirm")]
pub(super) async fn confirm_totp(guard: Guard<SignedIn>, body: Body<ConfirmTotp>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let user_id = guard.person()?.user_id;
    guard.limit(Tier::SignIn, &format!("totp|{user_id}")).await?;
    let codes =
        guard.db.write(async |tx| service::confirm(tx, &guard.app, user_id, &body.code).await).await?;
    Ok(HttpResponse::Ok().json(codes))
}

/// Removes the authenticator app
#[utoipa::path(
    operation_id = "remove_totp",
    tag = "factors",
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Its codes are not asked for any more"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`: there is none", body = Problem),
    ),
)]
#[delete("/me/factors/totp")]
pub(super) async fn remove_totp(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let user_id = guard.person()?.user_id;
    guard.db.write(async |tx| service::remove(tx, &guard.app, user_id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
