//! `/me/factors/passkeys`.

use actix_web::{HttpResponse, delete, patch, post, web};
use contract::Problem;
use contract::factors::{AddPasskey, Passkey, PasskeyEnrolment, RenamePasskey};
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::{Body, Created, Path};
use uuid::Uuid;

use super::service;
use crate::Accounts;
use crate::risk::Place;

/// Begins to add a passkey or security key
#[utoipa::path(
    operation_id = "start_passkey",
    tag = "factors",
    security(("bearer" = [])),
    responses(
        (status = 201, description = "What the browser has to make", body = PasskeyEnrolment),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 409, description = "`factor_unavailable`, `wrong_state`: there are twenty", body = Problem),
    ),
)]
#[post("/me/factors/passkeys/start")]
pub(super) async fn start_passkey(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let (person, place) = (guard.person()?, Place::of(&guard.request));
    let begun =
        guard.db.write(async |tx| service::start(tx, &accounts.relying_party, person, &place).await).await?;
    Ok(HttpResponse::Created().json(begun))
}

/// Adds the passkey that the browser made
#[utoipa::path(
    operation_id = "add_passkey",
    tag = "factors",
    security(("bearer" = [])),
    request_body = AddPasskey,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The passkey", body = Passkey),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 409, description = "`passkey_known`, `factor_unavailable`", body = Problem),
        (status = 410, description = "`challenge_over`", body = Problem),
        (status = 422, description = "`wrong_proof`, `invalid_fields`", body = Problem),
    ),
)]
#[post("/me/factors/passkeys")]
pub(super) async fn add_passkey(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
    body: Body<AddPasskey>,
) -> ApiResult<Created<Passkey>> {
    guard.confirmed()?;
    let (person, relying_party) = (guard.person()?, &accounts.relying_party);
    guard.create(&body, async |tx| service::add(tx, &guard.app, relying_party, person, &body).await).await
}

/// Calls a passkey by another name
#[utoipa::path(
    operation_id = "rename_passkey",
    tag = "factors",
    security(("bearer" = [])),
    params(("passkey_id" = Uuid, Path, description = "The passkey")),
    request_body = RenamePasskey,
    responses(
        (status = 200, description = "The passkey", body = Passkey),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[patch("/me/factors/passkeys/{passkey_id}")]
pub(super) async fn rename_passkey(
    guard: Guard<SignedIn>,
    path: Path<Uuid>,
    body: Body<RenamePasskey>,
) -> ApiResult<HttpResponse> {
    let user_id = guard.person()?.user_id;
    let passkey = guard.db.write(async |tx| service::rename(tx, user_id, *path, &body.name).await).await?;
    Ok(HttpResponse::Ok().json(passkey))
}

/// Removes a passkey
#[utoipa::path(
    operation_id = "remove_passkey",
    tag = "factors",
    security(("bearer" = [])),
    params(("passkey_id" = Uuid, Path, description = "The passkey")),
    responses(
        (status = 204, description = "It signs nobody in any more"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/me/factors/passkeys/{passkey_id}")]
pub(super) async fn remove_passkey(guard: Guard<SignedIn>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let user_id = guard.person()?.user_id;
    guard.db.write(async |tx| service::remove(tx, &guard.app, user_id, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
