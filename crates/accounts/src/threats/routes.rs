//! `/threats`, for the organisation that runs Ringside.

use actix_web::{HttpResponse, get, post};
use contract::threats::Threat;
use contract::{ErrorCode, Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, ThreatsManage, ThreatsRead};
use platform::http::{Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};

/// Attempts to get in by force, newest first
#[utoipa::path(
    operation_id = "list_threats",
    tag = "threats",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of threats", body = Page<Threat>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`: outside the organisation that runs Ringside", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/threats")]
pub(super) async fn list_threats(guard: Guard<ThreatsRead>, paged: Paged) -> ApiResult<HttpResponse> {
    guard.runs_ringside()?;
    let after = paged.position()?;
    let rows = guard.db.read(async |conn| queries::list(conn, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |threat| threat.id)?))
}

/// One threat
#[utoipa::path(
    operation_id = "get_threat",
    tag = "threats",
    security(("bearer" = [])),
    params(("threat_id" = Uuid, Path, description = "The threat")),
    responses(
        (status = 200, description = "The threat", body = Threat),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[get("/threats/{threat_id}")]
pub(super) async fn get_threat(guard: Guard<ThreatsRead>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    guard.runs_ringside()?;
    let threat = guard.db.read(async |conn| queries::find(conn, *id).await).await?;
    Ok(HttpResponse::Ok().json(threat.ok_or(ErrorCode::NotFound)?))
}

/// Says that somebody has looked at it
///
/// The network stays slowed down as long as it is; what it tries from now on is another threat.
#[utoipa::path(
    operation_id = "acknowledge_threat",
    tag = "threats",
    security(("bearer" = [])),
    params(("threat_id" = Uuid, Path, description = "The threat")),
    responses(
        (status = 200, description = "The threat", body = Threat),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[post("/threats/{threat_id}/acknowledge")]
pub(super) async fn acknowledge_threat(
    guard: Guard<ThreatsManage>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let org = guard.runs_ringside()?;
    let threat = guard.db.write(async |tx| service::acknowledge(tx, org, *id).await).await?;
    Ok(HttpResponse::Ok().json(threat))
}

/// Gives the threat's network its usual limits again
///
/// At once here, and within ten seconds in other processes.
#[utoipa::path(
    operation_id = "lift_threat",
    tag = "threats",
    security(("bearer" = [])),
    params(("threat_id" = Uuid, Path, description = "The threat")),
    responses(
        (status = 200, description = "The threat", body = Threat),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[post("/threats/{threat_id}/lift")]
pub(super) async fn lift_threat(guard: Guard<ThreatsManage>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let org = guard.runs_ringside()?;
    let threat = guard.db.write(async |tx| service::lift(tx, org, *id).await).await?;
    guard.app.threats.lift(&threat.network);
    Ok(HttpResponse::Ok().json(threat))
}
