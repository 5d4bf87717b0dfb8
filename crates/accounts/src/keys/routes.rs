//! `/keys` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post};
use contract::keys::{ApiKey, CreateApiKey, KeyUsage, NewApiKey, RotateApiKey};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, KeysManage, KeysRead};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};
use crate::rights::Holder;

/// API keys, newest first, without their secrets
#[utoipa::path(
    operation_id = "list_keys",
    tag = "keys",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of keys", body = Page<ApiKey>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/keys")]
pub(super) async fn list_keys(guard: Guard<KeysRead>, paged: Paged) -> ApiResult<HttpResponse> {
    let (org, now, after) = (guard.org(), guard.now(), paged.position()?);
    let rows = guard.db.read(async |conn| queries::list(conn, org, now, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |key| key.id)?))
}

/// Makes an API key; its secret is shown this once
///
/// The key may do no more than its maker, and belongs to the organisation: it goes on when its maker
/// leaves. A program sends the secret as `Authorization: Bearer rsk_…`.
#[utoipa::path(
    operation_id = "create_key",
    tag = "keys",
    security(("bearer" = [])),
    request_body = CreateApiKey,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The key and its secret", body = NewApiKey),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for what the maker may not do; `confirmation_needed`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/keys")]
pub(super) async fn create_key(
    guard: Guard<KeysManage>,
    body: Body<CreateApiKey>,
) -> ApiResult<Created<NewApiKey>> {
    guard.confirmed()?;
    let (keys, maker) = (&guard.app.keys, (guard.org(), Holder::of(&guard.actor), guard.user_id()));
    let made = guard.once(&body, async |tx| service::create(tx, keys, maker, &body).await).await?;
    made.open(keys).map(Created)
}

/// Gives an API key a new secret, shown this once; the old one ends after an overlap
#[utoipa::path(
    operation_id = "rotate_key",
    tag = "keys",
    security(("bearer" = [])),
    params(
        ("key_id" = Uuid, Path, description = "The key"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = RotateApiKey,
    responses(
        (status = 200, description = "The key and its new secret", body = NewApiKey),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also when the key may do more than the caller; `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`wrong_state`: revoked or expired", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/keys/{key_id}/rotate")]
pub(super) async fn rotate_key(
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

/// Ends an API key at once
#[utoipa::path(
    operation_id = "revoke_key",
    tag = "keys",
    security(("bearer" = [])),
    params(("key_id" = Uuid, Path, description = "The key")),
    responses(
        (status = 204, description = "The key is good no more"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/keys/{key_id}")]
pub(super) async fn revoke_key(guard: Guard<KeysManage>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    guard.db.write(async |tx| service::revoke(tx, org, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How often an API key was used on each of the last 30 days
#[utoipa::path(
    operation_id = "get_key_usage",
    tag = "keys",
    security(("bearer" = [])),
    params(("key_id" = Uuid, Path, description = "The key")),
    responses(
        (status = 200, description = "Requests by day", body = KeyUsage),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[get("/keys/{key_id}/usage")]
pub(super) async fn get_key_usage(guard: Guard<KeysRead>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let (org, now) = (guard.org(), guard.now());
    let usage = guard.db.read(async |conn| service::usage(conn, org, *path, now).await).await?;
    Ok(HttpResponse::Ok().json(usage))
}
