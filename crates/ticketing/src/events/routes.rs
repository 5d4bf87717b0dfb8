//! Events over HTTP, for staff.

use actix_web::{get, patch, post, web};
use contract::{
    Page, Problem,
    events::{CreateEvent, Event, UpdateEvent},
};
use domain::state::EventState;
use platform::{
    error::ApiResult,
    guard::{EventsManage, EventsRead, Guard, Within},
    http::{Body, Created, Paged, Path, Query},
};
use uuid::Uuid;

use super::{filter::Filter, service};

/// Lists the organisation's events, latest night first.
#[utoipa::path(tag = "events", params(Filter, Paged), security(("bearer" = [])),
    responses((status = 200, body = Page<Event>), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[get("/events")]
pub async fn list_events(
    guard: Guard<Within<EventsRead>>,
    filter: Query<Filter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<Event>>> {
    let (org, reach) = (guard.org(), guard.reach());
    guard.db.read(async |conn| service::list(conn, org, &reach, &filter, &paged).await).await.map(web::Json)
}

/// Sets up an event as a draft.
#[utoipa::path(tag = "events", request_body = CreateEvent, security(("bearer" = [])),
    responses((status = 201, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[post("/events")]
pub async fn create_event(guard: Guard<EventsManage>, body: Body<CreateEvent>) -> ApiResult<Created<Event>> {
    let org = guard.org();
    guard.create(&body, async |tx| service::create(tx, org, &body).await).await
}

/// Reads one event.
#[utoipa::path(tag = "events", security(("bearer" = [])),
    responses((status = 200, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[get("/events/{event_id}")]
pub async fn get_event(guard: Guard<Within<EventsRead>>, id: Path<Uuid>) -> ApiResult<web::Json<Event>> {
    let org = guard.org();
    guard.reach().event(*id)?;
    guard.db.read(async |conn| service::get(conn, org, *id).await).await.map(web::Json)
}

/// Changes an event; what is absent stays.
#[utoipa::path(tag = "events", request_body = UpdateEvent, security(("bearer" = [])),
    responses((status = 200, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[patch("/events/{event_id}")]
pub async fn update_event(
    guard: Guard<Within<EventsManage>>,
    id: Path<Uuid>,
    body: Body<UpdateEvent>,
) -> ApiResult<web::Json<Event>> {
    let org = guard.org();
    guard.reach().event(*id)?;
    guard.db.write(async |tx| service::update(tx, org, *id, &body).await).await.map(web::Json)
}

/// Shows the event to the public.
#[utoipa::path(tag = "events", security(("bearer" = [])),
    responses((status = 200, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[post("/events/{event_id}/publish")]
pub async fn publish_event(
    guard: Guard<Within<EventsManage>>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<Event>> {
    become_state(&guard, *id, EventState::Published).await
}

/// Takes the event back from the public, before its sale.
#[utoipa::path(tag = "events", security(("bearer" = [])),
    responses((status = 200, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[post("/events/{event_id}/unpublish")]
pub async fn unpublish_event(
    guard: Guard<Within<EventsManage>>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<Event>> {
    become_state(&guard, *id, EventState::Draft).await
}

/// Opens the sale; every zone must have a price.
#[utoipa::path(tag = "events", security(("bearer" = [])),
    responses((status = 200, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[post("/events/{event_id}/open-sale")]
pub async fn open_sale(guard: Guard<Within<EventsManage>>, id: Path<Uuid>) -> ApiResult<web::Json<Event>> {
    become_state(&guard, *id, EventState::OnSale).await
}

/// Closes the sale; tickets go on admitting.
#[utoipa::path(tag = "events", security(("bearer" = [])),
    responses((status = 200, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[post("/events/{event_id}/close-sale")]
pub async fn close_sale(guard: Guard<Within<EventsManage>>, id: Path<Uuid>) -> ApiResult<web::Json<Event>> {
    become_state(&guard, *id, EventState::Closed).await
}

/// Cancels the event: nothing is sold and no ticket admits any more. There is no way back.
#[utoipa::path(tag = "events", security(("bearer" = [])),
    responses((status = 200, body = Event), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[post("/events/{event_id}/cancel")]
pub async fn cancel_event(guard: Guard<Within<EventsManage>>, id: Path<Uuid>) -> ApiResult<web::Json<Event>> {
    become_state(&guard, *id, EventState::Cancelled).await
}

async fn become_state(
    guard: &Guard<Within<EventsManage>>,
    id: Uuid,
    to: EventState,
) -> ApiResult<web::Json<Event>> {
    let org = guard.org();
    guard.reach().event(id)?;
    guard.db.write(async |tx| service::move_to(tx, org, id, to).await).await.map(web::Json)
}
