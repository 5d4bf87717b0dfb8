//! `/jobs`, for the organisation that runs Ringside.

use actix_web::{HttpResponse, delete, get, post, web};
use contract::jobs::{DeadJob, JobsOverview, RetriedJobs, RetryJobs};
use contract::{Page, Problem};

use super::{queries, service};
use crate::error::ApiResult;
use crate::guard::{Guard, JobsManage, JobsRead};
use crate::http::{Body, Paged, Path, next_page};

/// How much there is to do, and how late it is
#[utoipa::path(
    operation_id = "get_jobs",
    tag = "jobs",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "What waits, by kind, and the timers", body = JobsOverview),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`: outside the organisation that runs Ringside", body = Problem),
    ),
)]
#[get("/jobs")]
pub(super) async fn get_jobs(guard: Guard<JobsRead>) -> ApiResult<web::Json<JobsOverview>> {
    guard.runs_ringside()?;
    let now = guard.now();
    guard.db.read(async |conn| service::overview(conn, now).await).await.map(web::Json)
}

/// Jobs given up after their last attempt, newest first
#[utoipa::path(
    operation_id = "list_dead_jobs",
    tag = "jobs",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of jobs", body = Page<DeadJob>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`: outside the organisation that runs Ringside", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/jobs/dead")]
pub(super) async fn list_dead_jobs(
    guard: Guard<JobsRead>,
    paged: Paged,
) -> ApiResult<web::Json<Page<DeadJob>>> {
    guard.runs_ringside()?;
    let after = paged.position()?;
    let rows = guard.db.read(async |conn| queries::dead(conn, after, paged.fetch()).await).await?;
    next_page(&paged, rows, |job| job.id).map(web::Json)
}

/// Tries all dead jobs of a kind again, from the first attempt on
#[utoipa::path(
    operation_id = "retry_dead_jobs",
    tag = "jobs",
    security(("bearer" = [])),
    request_body = RetryJobs,
    responses(
        (status = 200, description = "How many", body = RetriedJobs),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`: outside the organisation that runs Ringside", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/jobs/dead/retry")]
pub(super) async fn retry_dead_jobs(
    guard: Guard<JobsManage>,
    body: Body<RetryJobs>,
) -> ApiResult<web::Json<RetriedJobs>> {
    let org = guard.runs_ringside()?;
    guard.db.write(async |tx| service::retry_all(tx, org, &body.kind).await).await.map(web::Json)
}

/// Tries a dead job again, from the first attempt on
#[utoipa::path(
    operation_id = "retry_dead_job",
    tag = "jobs",
    security(("bearer" = [])),
    params(("job_id" = i64, Path, description = "The job")),
    responses(
        (status = 204, description = "It will run soon"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`, also when it is dead no more", body = Problem),
    ),
)]
#[post("/jobs/dead/{job_id}/retry")]
pub(super) async fn retry_dead_job(guard: Guard<JobsManage>, id: Path<i64>) -> ApiResult<HttpResponse> {
    let org = guard.runs_ringside()?;
    guard.db.write(async |tx| service::retry(tx, org, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a dead job away: what it was to do is not done
#[utoipa::path(
    operation_id = "discard_dead_job",
    tag = "jobs",
    security(("bearer" = [])),
    params(("job_id" = i64, Path, description = "The job")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`, also when it is dead no more", body = Problem),
    ),
)]
#[delete("/jobs/dead/{job_id}")]
pub(super) async fn discard_dead_job(guard: Guard<JobsManage>, id: Path<i64>) -> ApiResult<HttpResponse> {
    let org = guard.runs_ringside()?;
    guard.db.write(async |tx| service::discard(tx, org, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
