//! `/shop/events/{event}/holds` and `/holds`.

use actix_web::{HttpResponse, delete, post};
use contract::{
    Problem,
    holds::{BestAvailable, Hold, PlaceHold},
};
use platform::{
    error::ApiResult,
    guard::{Guard, Public},
    http::{Body, Created, Path},
};
use uuid::Uuid;

use super::service::{self, Terms};

/// Claims seats and standing places
///
/// All of them or none. The answer's `secret` is told once: it orders the places or gives them back.
#[utoipa::path(
    operation_id = "place_hold",
    tag = "holds",
    params(
        ("event" = String, Path, description = "The event's slug or id", example = "fight-night-12"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = PlaceHold,
    responses(
        (status = 201, description = "The places are held", body = Hold),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`seat_taken` with `taken`, `places_gone`, `not_on_sale`", body = Problem),
        (status = 422, description = "`unknown_seat`, `unknown_zone`, `too_many_places`, `invalid_fields`", body = Problem),
    ),
)]
#[post("/shop/events/{event}/holds")]
pub(super) async fn place_hold(
    guard: Guard<Public>,
    event: Path<String>,
    body: Body<PlaceHold>,
) -> ApiResult<Created<Hold>> {
    let terms = Terms::of(&guard.app.config);
    guard.create(&body, async |tx| service::place(tx, terms, &event, &body).await).await
}

/// Claims the best free seats
///
/// Side by side where possible: nearest to the ring first, in the middle of the zone before its ends.
#[utoipa::path(
    operation_id = "hold_best",
    tag = "holds",
    params(
        ("event" = String, Path, description = "The event's slug or id", example = "fight-night-12"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = BestAvailable,
    responses(
        (status = 201, description = "The seats are held", body = Hold),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`places_gone`, `not_on_sale`", body = Problem),
        (status = 422, description = "`unknown_zone`, `invalid_fields`", body = Problem),
    ),
)]
#[post("/shop/events/{event}/best-available")]
pub(super) async fn hold_best(
    guard: Guard<Public>,
    event: Path<String>,
    body: Body<BestAvailable>,
) -> ApiResult<Created<Hold>> {
    let terms = Terms::of(&guard.app.config);
    guard.create(&body, async |tx| service::place_best(tx, terms, &event, &body).await).await
}

/// Gives a hold back
///
/// The hold's secret travels in the header `Order-Access`. A hold that has ended already is no error.
#[utoipa::path(
    operation_id = "release_hold",
    tag = "holds",
    params(
        ("hold_id" = Uuid, Path, description = "The hold"),
        ("Order-Access" = String, Header, description = "The hold's secret"),
    ),
    responses(
        (status = 204, description = "Its places are free"),
        (status = 404, description = "`not_found`: also for a wrong secret", body = Problem),
    ),
)]
#[delete("/holds/{hold_id}")]
pub(super) async fn release_hold(guard: Guard<Public>, hold_id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let secret = guard.request.order_access.as_deref().unwrap_or_default();
    guard.db.write(async |tx| service::release(tx, *hold_id, secret).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
