//! `/venues/{venue_id}/seat-maps` and `/seat-maps/{seat_map_id}`.

use actix_web::{HttpResponse, get, post, web};
use contract::venues::{SeatMapImport, SeatMapSummary};
use contract::{Page, Problem};
use domain::seat_map::SeatMap;
use garde::Validate;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Guard, VenuesManage, VenuesRead, Within};
use platform::http::{Paged, Path, Query, Raw, next_page};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{file, service};

/// The maps of a venue
///
/// Newest first.
#[utoipa::path(
    operation_id = "list_seat_maps",
    tag = "venues",
    security(("bearer" = [])),
    params(("venue_id" = Uuid, Path, description = "The venue"), Paged),
    responses(
        (status = 200, description = "A page of maps without their seats", body = Page<SeatMapSummary>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/venues/{venue_id}/seat-maps")]
pub(super) async fn list_seat_maps(
    guard: Guard<Within<VenuesRead>>,
    path: Path<Uuid>,
    paged: Paged,
) -> ApiResult<HttpResponse> {
    let (org, before) = (guard.org(), paged.position()?);
    guard.reach().venue(*path)?;
    let maps =
        guard.db.read(async |conn| service::list(conn, org, *path, before, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, maps, |map| map.id)?))
}

#[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportOptions {
    /// What the map is called; takes the place of the name in the file.
    #[param(min_length = 1, max_length = 80)]
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 80)))]
    name: Option<String>,
    /// Only check the file, keep nothing.
    #[param(default = false)]
    #[serde(default)]
    #[garde(skip)]
    dry_run: bool,
}

/// Imports a seat map
///
/// The body is the file, up to 8 MiB, as `docs/seat-map-import.md` describes it. All errors are told at once
/// in `fields`: `line 14, column x`, or for JSON the path.
#[utoipa::path(
    operation_id = "import_seat_map",
    tag = "venues",
    security(("bearer" = [])),
    params(
        ("venue_id" = Uuid, Path, description = "The venue"),
        ImportOptions,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body(
        content((String = "text/csv", example = "zone,kind,row,seat,x,y\nR1,seated,A,1,-6,-60\nR1,seated,A,2,0,-60\n"), (SeatMap = "application/json")),
        description = "The file",
    ),
    responses(
        (status = 200, description = "With `dry_run=true`: what the file holds", body = SeatMapImport),
        (status = 201, description = "The new map", body = SeatMapImport),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`; only its owner changes a venue", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 413, description = "`body_too_large`", body = Problem),
        (status = 415, description = "`unsupported_media_type`", body = Problem),
        (status = 422, description = "`import_failed` with every error by line", body = Problem),
    ),
)]
#[post("/venues/{venue_id}/seat-maps")]
pub(super) async fn import_seat_map(
    guard: Guard<Within<VenuesManage>>,
    path: Path<Uuid>,
    options: Query<ImportOptions>,
    raw: Raw,
) -> ApiResult<HttpResponse> {
    let (org, venue_id) = (guard.org(), *path);
    guard.reach().venue(venue_id)?;
    guard.db.read(async |conn| crate::venues::service::must_own(conn, org, venue_id).await).await?;
    let (name, read) = (options.name.clone(), raw.clone());
    let map = web::block(move || file::read(&read, name.as_deref())).await.map_err(ApiError::internal)??;
    if options.dry_run {
        return Ok(HttpResponse::Ok().json(service::found(None, &map)));
    }
    let import = guard.create(&raw, async |tx| service::keep(tx, org, venue_id, &map).await).await?;
    Ok(HttpResponse::Created().json(import.0))
}

/// A map with all its seats
#[utoipa::path(
    operation_id = "get_seat_map",
    tag = "venues",
    security(("bearer" = [])),
    params(("seat_map_id" = Uuid, Path, description = "The map")),
    responses(
        (status = 200, description = "The map", body = SeatMap),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[get("/seat-maps/{seat_map_id}")]
pub(super) async fn get_seat_map(
    guard: Guard<Within<VenuesRead>>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let (org, reach) = (guard.org(), guard.reach());
    let json = guard.db.read(async |conn| super::queries::json_for(conn, org, &reach, *path).await).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json))
}
