//! `/people` and `/me`.

use actix_web::{HttpResponse, get, patch, post, web};
use contract::Problem;
use contract::accounts::{Me, Session, SignUp};
use contract::people::{AskForLetter, UpdateMe, VerifyAddress};
use platform::error::ApiResult;
use platform::guard::{Guard, Public, SignedIn};
use platform::http::Body;

use super::jobs::{Applicant, OpenAccount, ProveAgain};
use super::{queries, service};
use crate::Accounts;
use crate::sessions;

/// Asks for an account
///
/// The answer is the same whether the address has an account or not: a letter goes there, with a link
/// that opens the new account, or with the news that there is one.
#[utoipa::path(
    operation_id = "sign_up",
    tag = "people",
    request_body = SignUp,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 202, description = "A letter is on its way"),
        (status = 409, description = "`policy_outdated`", body = Problem),
        (status = 422, description = "`invalid_fields`, `weak_password`", body = Problem),
    ),
)]
#[post("/people")]
pub(super) async fn sign_up(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<SignUp>,
) -> ApiResult<HttpResponse> {
    let password_hash = accounts.passwords.hash(&body.password, &[&body.name, &body.email]).await?;
    let SignUp { email, name, locale, accepted, .. } = (*body).clone();
    let applicant = Applicant { email, name, locale, password_hash, accepted, ip: guard.request.ip };
    let job = OpenAccount::new(&guard.app.keys, &applicant)?;
    guard.once(&body, async |tx| service::ask(tx, &body.accepted, &job).await).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Proves an address by the letter's link, and begins the first session
///
/// The refresh token travels as an HttpOnly cookie, or in the answer with `token_in_body`.
#[utoipa::path(
    operation_id = "verify_address",
    tag = "people",
    request_body = VerifyAddress,
    responses(
        (status = 201, description = "The account is open and its owner signed in", body = Session),
        (status = 410, description = "`link_spent`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/people/verify")]
pub(super) async fn verify_address(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<VerifyAddress>,
) -> ApiResult<HttpResponse> {
    let user_id = guard.db.write(async |tx| service::verify(tx, &body.token).await).await?;
    let begun = sessions::begin(&guard, user_id).await?;
    sessions::answer(&guard, &accounts, begun, body.token_in_body, HttpResponse::Created()).await
}

/// Sends the letter that proves an address once more
///
/// The answer is the same whoever the address belongs to. Letters wait longer the more there were.
#[utoipa::path(
    operation_id = "resend_verification",
    tag = "people",
    request_body = AskForLetter,
    responses(
        (status = 202, description = "If the address waits for its proof, a letter is on its way"),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/people/verifications")]
pub(super) async fn resend_verification(
    guard: Guard<Public>,
    body: Body<AskForLetter>,
) -> ApiResult<HttpResponse> {
    let job = ProveAgain::new(&guard.app.keys, &body.email);
    guard.once(&body, async |tx| tx.enqueue(&job).await).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Changes what the account says about its owner
///
/// What is absent stays as it is.
#[utoipa::path(
    operation_id = "update_me",
    tag = "people",
    security(("bearer" = [])),
    request_body = UpdateMe,
    responses(
        (status = 200, description = "The person", body = Me),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[patch("/me")]
pub(super) async fn update_me(guard: Guard<SignedIn>, body: Body<UpdateMe>) -> ApiResult<HttpResponse> {
    let user_id = guard.person()?.user_id;
    let me = guard.db.write(async |tx| service::update(tx, user_id, &body).await).await?;
    Ok(HttpResponse::Ok().json(me))
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
