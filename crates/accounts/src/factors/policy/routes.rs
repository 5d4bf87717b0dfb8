//! `/sign-in-policy` of the organisation acted in.

use actix_web::{HttpResponse, get, patch};
use contract::Problem;
use contract::factors::SignInPolicy;
use platform::error::ApiResult;
use platform::guard::{Guard, OrganisationManage, OrganisationRead};
use platform::http::Body;

use super::{queries, service};

/// How members have to sign in
#[utoipa::path(
    operation_id = "get_sign_in_policy",
    tag = "organisations",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "What is asked of them", body = SignInPolicy),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `second_factor_required`", body = Problem),
    ),
)]
#[get("/sign-in-policy")]
pub(super) async fn get_sign_in_policy(guard: Guard<OrganisationRead>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    let requires_second_factor =
        guard.db.read(async |conn| queries::requires_second_factor(conn, org).await).await?;
    Ok(HttpResponse::Ok().json(SignInPolicy { requires_second_factor }))
}

/// Changes how members have to sign in
///
/// Asking a second factor counts at once: members without one are refused with `second_factor_required`
/// until they have set one up. Whoever asks it needs one.
#[utoipa::path(
    operation_id = "change_sign_in_policy",
    tag = "organisations",
    security(("bearer" = [])),
    request_body = SignInPolicy,
    responses(
        (status = 200, description = "What is asked of them now", body = SignInPolicy),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `confirmation_needed`, `second_factor_required`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[patch("/sign-in-policy")]
pub(super) async fn change_sign_in_policy(
    guard: Guard<OrganisationManage>,
    body: Body<SignInPolicy>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let (org, by) = (guard.org(), guard.person()?.user_id);
    let policy = guard.db.write(async |tx| service::change(tx, org, by, &body).await).await?;
    Ok(HttpResponse::Ok().json(policy))
}
