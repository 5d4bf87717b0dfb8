//! `/venues/{venue_id}/gates`.

use actix_web::{HttpResponse, get, post};
use contract::venues::{CreateGate, Gate};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, VenuesManage, VenuesRead, Within};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::service;

/// The gates of a venue
#[utoipa::path(
    operation_id = "list_gates",
    tag = "venues",
    security(("bearer" = [])),
    params(("venue_id" = Uuid, Path, description = "The venue"), Paged),
    responses(
        (status = 200, description = "A page of gates", body = Page<Gate>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/venues/{venue_id}/gates")]
pub(super) async fn list_gates(
    guard: Guard<Within<VenuesRead>>,
    path: Path<Uuid>,
    paged: Paged,
) -> ApiResult<HttpResponse> {
    let (org, after) = (guard.org(), paged.position()?);
    guard.reach().venue(*path)?;
    let gates =
        guard.db.read(async |conn| service::list(conn, org, *path, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, gates, |gate| gate.id)?))
}

/// Sets up a gate
#[utoipa::path(
    operation_id = "create_gate",
    tag = "venues",
    security(("bearer" = [])),
    params(
        ("venue_id" = Uuid, Path, description = "The venue"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = CreateGate,
    responses(
        (status = 201, description = "The gate", body = Gate),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`; only its owner changes a venue", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`slug_taken`: the venue has a gate of this name", body = Problem),
        (status = 422, description = "`invalid_fields`, `unknown_zone`", body = Problem),
    ),
)]
#[post("/venues/{venue_id}/gates")]
pub(super) async fn create_gate(
    guard: Guard<Within<VenuesManage>>,
    path: Path<Uuid>,
    body: Body<CreateGate>,
) -> ApiResult<Created<Gate>> {
    let org = guard.org();
    guard.reach().venue(*path)?;
    guard.create(&body, async |tx| service::create(tx, org, *path, &body).await).await
}
