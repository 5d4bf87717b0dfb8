//! `/roles` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, patch, post};
use contract::roles::{RoleEntry, WriteRole};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, MembersManage, MembersRead};
use platform::http::{Body, Created, Path};
use uuid::Uuid;

use super::service;
use crate::rights::Holder;

/// Roles: the built-in ones, then the organisation's own
///
/// All of them on one page.
#[utoipa::path(
    operation_id = "list_roles",
    tag = "roles",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The roles", body = Page<RoleEntry>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
    ),
)]
#[get("/roles")]
pub(super) async fn list_roles(guard: Guard<MembersRead>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    let items = guard.db.read(async |conn| service::list(conn, org).await).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Puts a custom role together
#[utoipa::path(
    operation_id = "create_role",
    tag = "roles",
    security(("bearer" = [])),
    request_body = WriteRole,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The role", body = RoleEntry),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for permissions the caller does not hold", body = Problem),
        (status = 409, description = "`name_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/roles")]
pub(super) async fn create_role(
    guard: Guard<MembersManage>,
    body: Body<WriteRole>,
) -> ApiResult<Created<RoleEntry>> {
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    guard.create(&body, async |tx| service::create(tx, org, holder, &body).await).await
}

/// Changes a custom role, for all who carry it
#[utoipa::path(
    operation_id = "update_role",
    tag = "roles",
    security(("bearer" = [])),
    params(("role_id" = Uuid, Path, description = "The role")),
    request_body = WriteRole,
    responses(
        (status = 200, description = "The role", body = RoleEntry),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for permissions the caller does not hold", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`name_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[patch("/roles/{role_id}")]
pub(super) async fn update_role(
    guard: Guard<MembersManage>,
    path: Path<Uuid>,
    body: Body<WriteRole>,
) -> ApiResult<HttpResponse> {
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    let role = guard.db.write(async |tx| service::update(tx, org, holder, *path, &body).await).await?;
    Ok(HttpResponse::Ok().json(role))
}

/// Deletes a custom role nobody carries
#[utoipa::path(
    operation_id = "delete_role",
    tag = "roles",
    security(("bearer" = [])),
    params(("role_id" = Uuid, Path, description = "The role")),
    responses(
        (status = 204, description = "The role is gone"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`role_in_use`", body = Problem),
    ),
)]
#[delete("/roles/{role_id}")]
pub(super) async fn delete_role(guard: Guard<MembersManage>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    guard.db.write(async |tx| service::delete(tx, org, holder, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
