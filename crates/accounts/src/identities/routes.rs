//! `/me/identities`.

use actix_web::{HttpResponse, delete, get};
use contract::Problem;
use contract::sign_on::Identity;
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::Path;
use uuid::Uuid;

use super::{queries, service};

/// Who the person signed in is to providers
#[utoipa::path(
    operation_id = "list_identities",
    tag = "sign-on",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The identities", body = Vec<Identity>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
    ),
)]
#[get("/me/identities")]
pub(super) async fn list_identities(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    let user_id = guard.person()?.user_id;
    let identities = guard.db.read(async |conn| queries::list(conn, user_id).await).await?;
    Ok(HttpResponse::Ok().json(identities))
}

/// Takes an identity off the account
#[utoipa::path(
    operation_id = "remove_identity",
    tag = "sign-on",
    security(("bearer" = [])),
    params(("identity_id" = Uuid, Path, description = "The identity")),
    responses(
        (status = 204, description = "It signs in no more"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`last_way_to_sign_in`", body = Problem),
    ),
)]
#[delete("/me/identities/{identity_id}")]
pub(super) async fn remove_identity(guard: Guard<SignedIn>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let user_id = guard.person()?.user_id;
    guard.db.write(async |tx| service::remove(tx, user_id, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
