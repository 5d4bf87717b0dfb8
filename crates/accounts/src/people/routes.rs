//! `/people` and `/me`.

use actix_web::{HttpResponse, get, post, web};
use contract::Problem;
use contract::accounts::{Me, Session, SignUp};
use platform::error::ApiResult;
use platform::guard::{Guard, Public, SignedIn};
use platform::http::Body;

use super::{queries, service};
use crate::Accounts;
use crate::sessions;

/// Opens an account and signs in
///
/// The refresh token travels as an HttpOnly cookie, or in the answer with `token_in_body`.
#[utoipa::path(
    operation_id = "sign_up",
    tag = "people",
    request_body = SignUp,
    responses(
        (status = 201, description = "The account is open and its owner signed in", body = Session),
        (status = 409, description = "`address_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`, `weak_password`", body = Problem),
    ),
)]
#[post("/people")]
pub(super) async fn sign_up(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<SignUp>,
) -> ApiResult<HttpResponse> {
    let hash = accounts.passwords.hash(&body.password, &[&body.name, &body.email]).await?;
    let user_id = guard.once(&body, async |tx| service::open(tx, &body, &hash).await).await?;
    let begun = sessions::begin(&guard, user_id).await?;
    sessions::answer(&guard, &accounts, begun, body.token_in_body, HttpResponse::Created()).await
}

/// Who is signed in, and what they may do where
#[utoipa::path(
    operation_id = "get_me",
    tag = "people",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The person", body = Me),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
    ),
)]
#[get("/me")]
pub(super) async fn get_me(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    let user_id = guard.person()?.user_id;
    let me = guard.db.read(async |conn| queries::me(conn, user_id).await).await?;
    Ok(HttpResponse::Ok().json(me))
}
