//! The shop over HTTP, for the public.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, get};
use contract::{
    Page, Problem,
    events::{Availability, PublicEvent},
};
use platform::{
    error::ApiResult,
    guard::{Guard, Public},
    http::{Effort, Keep, Paged, Path, Prepared},
};

use super::service;

/// A seat map never changes, so only the way from event to map can.
const MAP_AGE: Duration = Duration::from_secs(60);
/// Live pages ask for availability a tenth of a second after they hear of a change (`GATHER` of the shop's seats);
/// an answer this old cannot hide it from them.
const MOST_AVAILABILITY_AGE: Duration = Duration::from_millis(80);

/// Lists events the public may see, soonest first, in the language of `Accept-Language`.
#[utoipa::path(tag = "shop", params(Paged),
    responses((status = 200, body = Page<PublicEvent>), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[get("/shop/events")]
pub async fn list_public_events(
    guard: Guard<Public>,
    paged: Paged,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let (locale, now) = (guard.locale(), guard.now());
    let key = format!("list {} {} {:?}", locale.code(), paged.limit, paged.after);
    let make = async || {
        let page = guard.db.read(async |conn| service::list(conn, locale, now, &paged).await).await?;
        Prepared::new(&page, Effort::Quick).await
    };
    let keep = Keep { age: guard.app.config.public_cache(), cache_control: "public, max-age=1" };
    guard.app.shelf.answer(&request, locale, key, keep, make).await
}

/// Reads one event by its slug or id, in the language of `Accept-Language`.
#[utoipa::path(tag = "shop",
    params(("event" = String, Path, description = "Slug or id", example = "fight-night-12")),
    responses((status = 200, body = PublicEvent), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[get("/shop/events/{event}")]
pub async fn get_public_event(
    guard: Guard<Public>,
    event: Path<String>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let (locale, now) = (guard.locale(), guard.now());
    let key = format!("event {} {}", locale.code(), *event);
    let make = async || {
        let page = guard.db.read(async |conn| service::get(conn, locale, now, &event).await).await?;
        Prepared::new(&page, Effort::Quick).await
    };
    let keep = Keep { age: guard.app.config.public_cache(), cache_control: "public, max-age=1" };
    guard.app.shelf.answer(&request, locale, key, keep, make).await
}

/// Reads the event's seat map. It never changes: keep it by its ETag.
#[utoipa::path(tag = "shop",
    params(("event" = String, Path, description = "Slug or id", example = "fight-night-12")),
    responses((status = 200, body = domain::seat_map::SeatMap), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[get("/shop/events/{event}/seat-map")]
pub async fn get_public_seat_map(
    guard: Guard<Public>,
    event: Path<String>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let key = format!("map {}", *event);
    let make = async || {
        let map = guard.db.read(async |conn| service::seat_map(conn, &event).await).await?;
        Prepared::new(&map, Effort::Thorough).await
    };
    let keep = Keep { age: MAP_AGE, cache_control: "public, max-age=3600" };
    guard.app.shelf.answer(&request, guard.locale(), key, keep, make).await
}

/// Reads what is free just now.
#[utoipa::path(tag = "shop",
    params(("event" = String, Path, description = "Slug or id", example = "fight-night-12")),
    responses((status = 200, body = Availability), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[get("/shop/events/{event}/availability")]
pub async fn get_availability(
    guard: Guard<Public>,
    event: Path<String>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let now = guard.now();
    let key = format!("free {}", *event);
    let make = async || {
        let free = guard.db.read(async |conn| service::availability(conn, now, &event).await).await?;
        Prepared::new(&free, Effort::Quick).await
    };
    let age = guard.app.config.public_cache().min(MOST_AVAILABILITY_AGE);
    let keep = Keep { age, cache_control: "no-cache" };
    guard.app.shelf.answer(&request, guard.locale(), key, keep, make).await
}
