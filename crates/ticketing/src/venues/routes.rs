//! `/venues`.

use actix_web::{HttpResponse, get, post};
use contract::venues::{CreateVenue, Venue};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, VenuesManage, VenuesRead, Within};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::service;

/// Venues the organisation may use
///
/// Its own and those open to promoters, oldest first.
#[utoipa::path(
    operation_id = "list_venues",
    tag = "venues",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of venues", body = Page<Venue>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/venues")]
pub(super) async fn list_venues(guard: Guard<Within<VenuesRead>>, paged: Paged) -> ApiResult<HttpResponse> {
    let (within, after) = ((guard.org(), &guard.reach()), paged.position()?);
    let venues = guard.db.read(async |conn| service::list(conn, within, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, venues, |venue| venue.id)?))
}

/// Sets up a venue
#[utoipa::path(
    operation_id = "create_venue",
    tag = "venues",
    security(("bearer" = [])),
    request_body = CreateVenue,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The venue", body = Venue),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`invalid_fields`, also for a time zone nobody knows", body = Problem),
    ),
)]
#[post("/venues")]
pub(super) async fn create_venue(
    guard: Guard<VenuesManage>,
    body: Body<CreateVenue>,
) -> ApiResult<Created<Venue>> {
    let org = guard.org();
    guard.create(&body, async |tx| service::create(tx, org, &body).await).await
}

/// One venue
#[utoipa::path(
    operation_id = "get_venue",
    tag = "venues",
    security(("bearer" = [])),
    params(("venue_id" = Uuid, Path, description = "The venue")),
    responses(
        (status = 200, description = "The venue", body = Venue),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[get("/venues/{venue_id}")]
pub(super) async fn get_venue(guard: Guard<Within<VenuesRead>>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    guard.reach().venue(*path)?;
    let venue = guard.db.read(async |conn| service::find(conn, org, *path).await).await?;
    Ok(HttpResponse::Ok().json(venue))
}
