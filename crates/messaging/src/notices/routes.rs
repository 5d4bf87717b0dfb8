//! Notices over HTTP: each person's own.

use actix_web::{get, post, put, web};
use contract::notices::{MarkAllNotices, MarkNotice, Notice, UnreadCount};
use contract::{Page, Problem};
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::{Body, Paged, Path, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::service;

/// Which notices a list shows.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only those that are not read.
    #[garde(skip)]
    #[serde(default)]
    pub unread: bool,
}

/// Lists what the caller was told, newest first
#[utoipa::path(operation_id = "list_notices", tag = "notices", params(Filter, Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of notices", body = Page<Notice>),
              (status = "default", description = "`not_signed_in`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/notices")]
pub async fn list_notices(
    guard: Guard<SignedIn>,
    filter: Query<Filter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<Notice>>> {
    let user = guard.person()?.user_id;
    guard.db.read(async |conn| service::list(conn, user, filter.unread, &paged).await).await.map(web::Json)
}

/// Counts what the caller has not read
#[utoipa::path(operation_id = "count_notices", tag = "notices", security(("bearer" = [])),
    responses((status = 200, description = "How many; at most 100 are counted", body = UnreadCount),
              (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json")))]
#[get("/notices/unread")]
pub async fn count_notices(guard: Guard<SignedIn>) -> ApiResult<web::Json<UnreadCount>> {
    let user = guard.person()?.user_id;
    guard.db.read(async |conn| service::count(conn, user).await).await.map(web::Json)
}

/// Marks a notice as read, or as not read
#[utoipa::path(operation_id = "mark_notice", tag = "notices", request_body = MarkNotice, security(("bearer" = [])),
    params(("notice_id" = Uuid, Path, description = "The notice")),
    responses((status = 200, description = "The notice", body = Notice),
              (status = "default", description = "`not_signed_in`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[put("/notices/{notice_id}/read")]
pub async fn mark_notice(
    guard: Guard<SignedIn>,
    id: Path<Uuid>,
    body: Body<MarkNotice>,
) -> ApiResult<web::Json<Notice>> {
    let user = guard.person()?.user_id;
    guard.db.write(async |tx| service::mark(tx, user, *id, &body).await).await.map(web::Json)
}

/// Marks everything as read up to a notice
///
/// What came after it stays unread.
#[utoipa::path(operation_id = "mark_all_notices", tag = "notices", request_body = MarkAllNotices, security(("bearer" = [])),
    responses((status = 200, description = "What is left unread", body = UnreadCount),
              (status = "default", description = "`not_signed_in`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/notices/read")]
pub async fn mark_all_notices(
    guard: Guard<SignedIn>,
    body: Body<MarkAllNotices>,
) -> ApiResult<web::Json<UnreadCount>> {
    let user = guard.person()?.user_id;
    guard.db.write(async |tx| service::mark_all(tx, user, body.up_to).await).await.map(web::Json)
}
