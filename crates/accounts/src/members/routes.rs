//! `/members` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, patch};
use contract::accounts::{ChangeRole, Member};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, MembersManage, MembersRead};
use platform::http::{Body, Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};
use crate::rights::Holder;

/// Members of the organisation
#[utoipa::path(
    operation_id = "list_members",
    tag = "members",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of members", body = Page<Member>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/members")]
pub(super) async fn list_members(guard: Guard<MembersRead>, paged: Paged) -> ApiResult<HttpResponse> {
    let (org, after) = (guard.org(), paged.position()?);
    let rows = guard.db.read(async |conn| queries::list(conn, org, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |member| member.user_id)?))
}

/// Gives a member another role
#[utoipa::path(
    operation_id = "change_role",
    tag = "members",
    security(("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The member")),
    request_body = ChangeRole,
    responses(
        (status = 200, description = "The member", body = Member),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for what the caller does not hold, `confirmation_needed`; only an owner makes or unmakes an owner", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`last_owner`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[patch("/members/{user_id}")]
pub(super) async fn change_role(
    guard: Guard<MembersManage>,
    path: Path<Uuid>,
    body: Body<ChangeRole>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    let member = guard.db.write(async |tx| service::change_role(tx, org, holder, *path, &body).await).await?;
    Ok(HttpResponse::Ok().json(member))
}

/// Removes a member
#[utoipa::path(
    operation_id = "remove_member",
    tag = "members",
    security(("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The member")),
    responses(
        (status = 204, description = "The person is a member no more"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `confirmation_needed`; only an owner removes an owner", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`last_owner`", body = Problem),
    ),
)]
#[delete("/members/{user_id}")]
pub(super) async fn remove_member(guard: Guard<MembersManage>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    guard.db.write(async |tx| service::remove(tx, org, holder, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
