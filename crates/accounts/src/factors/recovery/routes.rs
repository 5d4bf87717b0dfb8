//! `/me/factors/recovery-codes`.

use actix_web::{HttpResponse, post};
use contract::Problem;
use contract::factors::RecoveryCodes;
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};

use super::service;

/// Makes new recovery codes
///
/// The old ones are good no more. The answer is shown once, so it is not kept for a repeated request.
#[utoipa::path(
    operation_id = "renew_recovery_codes",
    tag = "factors",
    security(("bearer" = [])),
    responses(
        (status = 201, description = "The codes", body = RecoveryCodes),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 409, description = "`wrong_state`: there is no second factor", body = Problem),
    ),
)]
#[post("/me/factors/recovery-codes")]
pub(super) async fn renew_recovery_codes(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let user_id = guard.person()?.user_id;
    let codes = guard.db.write(async |tx| service::renew_for(tx, &guard.app, user_id).await).await?;
    Ok(HttpResponse::Created().json(codes))
}
