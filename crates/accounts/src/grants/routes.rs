//! `/grants` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post};
use contract::grants::{CreateGrant, Grant};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, MembersManage, MembersRead};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};
use crate::rights::Holder;

/// What is granted beside the members' own roles
#[utoipa::path(
    operation_id = "list_grants",
    tag = "grants",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of grants", body = Page<Grant>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/grants")]
pub(super) async fn list_grants(guard: Guard<MembersRead>, paged: Paged) -> ApiResult<HttpResponse> {
    let (org, after) = (guard.org(), paged.position()?);
    let rows = guard.db.read(async |conn| queries::list(conn, org, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |grant| grant.id)?))
}

/// Grants a role for the organisation, one event or one venue
///
/// Narrowed to an event or venue a role allows only what concerns events and venues: its members and
/// settings stay the organisation's.
#[utoipa::path(
    operation_id = "create_grant",
    tag = "grants",
    security(("bearer" = [])),
    request_body = CreateGrant,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The grant", body = Grant),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for what the caller does not hold", body = Problem),
        (status = 404, description = "`not_found`: no such member or team", body = Problem),
        (status = 409, description = "`already_granted`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/grants")]
pub(super) async fn create_grant(
    guard: Guard<MembersManage>,
    body: Body<CreateGrant>,
) -> ApiResult<Created<Grant>> {
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    guard.create(&body, async |tx| service::create(tx, org, holder, &body).await).await
}

/// Ends a grant
#[utoipa::path(
    operation_id = "end_grant",
    tag = "grants",
    security(("bearer" = [])),
    params(("grant_id" = Uuid, Path, description = "The grant")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for what the caller does not hold", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/grants/{grant_id}")]
pub(super) async fn end_grant(guard: Guard<MembersManage>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    guard.db.write(async |tx| service::end(tx, org, holder, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
