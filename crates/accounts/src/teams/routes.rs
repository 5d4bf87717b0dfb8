//! `/teams` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, patch, post, put};
use contract::teams::{Team, WriteTeam};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, MembersManage, MembersRead};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};
use crate::rights::Holder;

/// Teams of the organisation and who belongs to them
#[utoipa::path(
    operation_id = "list_teams",
    tag = "teams",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of teams", body = Page<Team>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/teams")]
pub(super) async fn list_teams(guard: Guard<MembersRead>, paged: Paged) -> ApiResult<HttpResponse> {
    let (org, after) = (guard.org(), paged.position()?);
    let rows = guard.db.read(async |conn| queries::list(conn, org, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |team| team.id)?))
}

/// Forms a team
#[utoipa::path(
    operation_id = "create_team",
    tag = "teams",
    security(("bearer" = [])),
    request_body = WriteTeam,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The team", body = Team),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 409, description = "`name_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/teams")]
pub(super) async fn create_team(
    guard: Guard<MembersManage>,
    body: Body<WriteTeam>,
) -> ApiResult<Created<Team>> {
    let org = guard.org();
    guard.create(&body, async |tx| service::create(tx, org, &body).await).await
}

/// Renames a team
#[utoipa::path(
    operation_id = "rename_team",
    tag = "teams",
    security(("bearer" = [])),
    params(("team_id" = Uuid, Path, description = "The team")),
    request_body = WriteTeam,
    responses(
        (status = 200, description = "The team", body = Team),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`name_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[patch("/teams/{team_id}")]
pub(super) async fn rename_team(
    guard: Guard<MembersManage>,
    path: Path<Uuid>,
    body: Body<WriteTeam>,
) -> ApiResult<HttpResponse> {
    let org = guard.org();
    let team = guard.db.write(async |tx| service::rename(tx, org, *path, &body).await).await?;
    Ok(HttpResponse::Ok().json(team))
}

/// Dissolves a team; what was granted to it ends
#[utoipa::path(
    operation_id = "delete_team",
    tag = "teams",
    security(("bearer" = [])),
    params(("team_id" = Uuid, Path, description = "The team")),
    responses(
        (status = 204, description = "The team is gone"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also when the team holds more than the caller", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/teams/{team_id}")]
pub(super) async fn delete_team(guard: Guard<MembersManage>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let (org, holder) = (guard.org(), Holder::of(&guard.actor));
    guard.db.write(async |tx| service::delete(tx, org, holder, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Puts a member into a team
#[utoipa::path(
    operation_id = "join_team",
    tag = "teams",
    security(("bearer" = [])),
    params(
        ("team_id" = Uuid, Path, description = "The team"),
        ("user_id" = Uuid, Path, description = "The member"),
    ),
    responses(
        (status = 200, description = "The team", body = Team),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also when the team holds more than the caller", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[put("/teams/{team_id}/members/{user_id}")]
pub(super) async fn join_team(
    guard: Guard<MembersManage>,
    path: Path<(Uuid, Uuid)>,
) -> ApiResult<HttpResponse> {
    let (org, holder, (team, member)) = (guard.org(), Holder::of(&guard.actor), *path);
    let team = guard.db.write(async |tx| service::join(tx, org, holder, team, member).await).await?;
    Ok(HttpResponse::Ok().json(team))
}

/// Takes a member out of a team
#[utoipa::path(
    operation_id = "leave_team",
    tag = "teams",
    security(("bearer" = [])),
    params(
        ("team_id" = Uuid, Path, description = "The team"),
        ("user_id" = Uuid, Path, description = "The member"),
    ),
    responses(
        (status = 200, description = "The team", body = Team),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also when the team holds more than the caller", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/teams/{team_id}/members/{user_id}")]
pub(super) async fn leave_team(
    guard: Guard<MembersManage>,
    path: Path<(Uuid, Uuid)>,
) -> ApiResult<HttpResponse> {
    let (org, holder, (team, member)) = (guard.org(), Holder::of(&guard.actor), *path);
    let team = guard.db.write(async |tx| service::leave(tx, org, holder, team, member).await).await?;
    Ok(HttpResponse::Ok().json(team))
}
