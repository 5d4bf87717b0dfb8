//! `/oauth/clients` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post, put};
use contract::keys::RotateApiKey;
use contract::oauth::{CreateOauthClient, NewOauthClient, OauthClient, UpdateOauthClient};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, KeysManage, KeysRead};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};
use crate::rights::Holder;

/// Applications, newest first, without their secrets
#[utoipa::path(
    operation_id = "list_oauth_clients",
    tag = "applications",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of applications", body = Page<OauthClient>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/oauth/clients")]
pub(super) async fn list_oauth_clients(guard: Guard<KeysRead>, paged: Paged) -> ApiResult<HttpResponse> {
    let (org, now, after) = (guard.org(), guard.now(), paged.position()?);
    let rows = guard.db.read(async |conn| queries::list(conn, org, now, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |client| client.id)?))
}

/// Registers an application; its secret is shown this once
///
/// It may ask for no more than its maker holds. A public one has no secret.
#[utoipa::path(
    operation_id = "create_oauth_client",
    tag = "applications",
    security(("bearer" = [])),
    request_body = CreateOauthClient,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The application and its secret", body = NewOauthClient),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for what the maker may not do; `confirmation_needed`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/oauth/clients")]
pub(super) async fn create_oauth_client(
    guard: Guard<KeysManage>,
    body: Body<CreateOauthClient>,
) -> ApiResult<Created<NewOauthClient>> {
    guard.confirmed()?;
    let (keys, maker) = (&guard.app.keys, (guard.org(), Holder::of(&guard.actor), guard.user_id()));
    let made = guard.once(&body, async |tx| service::create(tx, keys, maker, &body).await).await?;
    made.open(keys).map(Created)
}

/// Changes an application
#[utoipa::path(
    operation_id = "update_oauth_client",
    tag = "applications",
    security(("bearer" = [])),
    params(("client_id" = Uuid, Path, description = "The application")),
    request_body = UpdateOauthClient,
    responses(
        (status = 200, description = "The application", body = OauthClient),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also when it may do more than the caller; `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[put("/oauth/clients/{client_id}")]
pub(super) async fn update_oauth_client(
    guard: Guard<KeysManage>,
    path: Path<Uuid>,
    body: Body<UpdateOauthClient>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let by = (guard.org(), Holder::of(&guard.actor));
    let changed = guard.db.write(async |tx| service::update(tx, by, *path, &body).await).await?;
    Ok(HttpResponse::Ok().json(changed))
}

/// Gives an application a new secret, shown this once; the old one ends after an overlap
#[utoipa::path(
    operation_id = "rotate_oauth_client",
    tag = "applications",
    security(("bearer" = [])),
    params(
        ("client_id" = Uuid, Path, description = "The application"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = RotateApiKey,
    responses(
        (status = 200, description = "The application and its new secret", body = NewOauthClient),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also when it may do more than the caller; `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`wrong_state`: it is public and has no secret", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/oauth/clients/{client_id}/rotate")]
pub(super) async fn rotate_oauth_client(
    guard: Guard<KeysManage>,
    path: Path<Uuid>,
    body: Body<RotateApiKey>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let (keys, by) = (&guard.app.keys, (guard.org(), Holder::of(&guard.actor)));
    let overlap = body.overlap_hours;
    let made = guard.once(&body, async |tx| service::rotate(tx, keys, by, *path, overlap).await).await?;
    Ok(HttpResponse::Ok().json(made.open(keys)?))
}

/// Ends an application, with its secrets, tokens and what people allowed it
#[utoipa::path(
    operation_id = "delete_oauth_client",
    tag = "applications",
    security(("bearer" = [])),
    params(("client_id" = Uuid, Path, description = "The application")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`; `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/oauth/clients/{client_id}")]
pub(super) async fn delete_oauth_client(
    guard: Guard<KeysManage>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let org = guard.org();
    guard.db.write(async |tx| service::delete(tx, org, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
