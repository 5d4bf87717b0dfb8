//! `/password-resets`, and `/me/password`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use contract::Problem;
use contract::people::{AskForLetter, ChangePassword, RedeemReset};
use platform::error::ApiResult;
use platform::guard::{Guard, Public, SignedIn};
use platform::http::Body;

use super::jobs::SendReset;
use super::service;
use crate::{Accounts, attempts};

/// Asks for a letter with which a new password is chosen
///
/// The answer is the same whether the address has an account or not.
#[utoipa::path(
    operation_id = "ask_reset",
    tag = "people",
    request_body = AskForLetter,
    responses(
        (status = 202, description = "If there is such an account, a letter is on its way"),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/password-resets")]
pub(super) async fn ask_reset(guard: Guard<Public>, body: Body<AskForLetter>) -> ApiResult<HttpResponse> {
    let job = SendReset::new(&guard.app.keys, &body.email);
    guard.once(&body, async |tx| tx.enqueue(&job).await).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Chooses a new password by that letter
///
/// All sessions of the person end.
#[utoipa::path(
    operation_id = "redeem_reset",
    tag = "people",
    request_body = RedeemReset,
    responses(
        (status = 204, description = "The password is set"),
        (status = 410, description = "`link_spent`", body = Problem),
        (status = 422, description = "`invalid_fields`, `weak_password`", body = Problem),
    ),
)]
#[post("/password-resets/redeem")]
pub(super) async fn redeem_reset(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<RedeemReset>,
) -> ApiResult<HttpResponse> {
    let hash = service::hash_for_link(&guard.db, &accounts.passwords, &body).await?;
    guard.db.write(async |tx| service::redeem(tx, &guard.app, &body.token, &hash).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes one's own password
///
/// All other sessions of the person end.
#[utoipa::path(
    operation_id = "change_password",
    tag = "people",
    security(("bearer" = [])),
    request_body = ChangePassword,
    responses(
        (status = 204, description = "The password is set"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 422, description = "`invalid_fields`, also when the old password is wrong; `weak_password`", body = Problem),
        (status = 429, description = "`too_many_requests`", body = Problem),
    ),
)]
#[post("/me/password")]
pub(super) async fn change_password(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
    request: HttpRequest,
    body: Body<ChangePassword>,
) -> ApiResult<HttpResponse> {
    let person = guard.person()?;
    let tried = attempts::try_once(&guard, &accounts, &request, &person.email).await?;
    let hash = service::hash_for_owner(&guard.db, &accounts.passwords, person.user_id, &body).await?;
    attempts::succeeded(&guard, &tried).await?;
    guard.db.write(async |tx| service::change(tx, &guard.app, person, &hash).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
