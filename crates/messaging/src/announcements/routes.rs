//! Announcements over HTTP.

use actix_web::{HttpResponse, get, post, web};
use contract::notices::{Announce, Announcement};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, MembersManage, MembersRead};
use platform::http::{Body, Paged, Path};
use uuid::Uuid;

use super::service;

/// Lists what was announced to those who work for the organisation, newest first
#[utoipa::path(operation_id = "list_announcements", tag = "notices", params(Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of announcements", body = Page<Announcement>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/announcements")]
pub async fn list_announcements(
    guard: Guard<MembersRead>,
    paged: Paged,
) -> ApiResult<web::Json<Page<Announcement>>> {
    let org = guard.org();
    guard.db.read(async |conn| service::list(conn, org, &paged).await).await.map(web::Json)
}

/// Announces something to those who work for the organisation
///
/// It appears in their notification centre, and goes by mail and the ways they have chosen. They are told one
/// after the other; the announcement says how many have been.
#[utoipa::path(operation_id = "announce", tag = "notices", request_body = Announce, security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "It is on its way", body = Announcement),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/announcements")]
pub async fn announce(guard: Guard<MembersManage>, body: Body<Announce>) -> ApiResult<HttpResponse> {
    let (org, author) = (guard.org(), guard.user_id());
    let made = guard.once(&body, async |tx| service::announce(tx, org, author, &body).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Reads an announcement, and how far it has got
#[utoipa::path(operation_id = "get_announcement", tag = "notices", security(("bearer" = [])),
    params(("announcement_id" = Uuid, Path, description = "The announcement")),
    responses((status = 200, description = "The announcement", body = Announcement),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/announcements/{announcement_id}")]
pub async fn get_announcement(
    guard: Guard<MembersRead>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<Announcement>> {
    let org = guard.org();
    guard.db.read(async |conn| service::get(conn, org, *id).await).await.map(web::Json)
}
