//! `/destinations` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post, put, web};
use contract::channel_accounts::TestOnItsWay;
use contract::destinations::{Destination, WriteDestination};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, OrganisationManage, OrganisationRead};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};

/// Lists rooms, newest first
#[utoipa::path(operation_id = "list_destinations", tag = "channels", params(Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of rooms", body = Page<Destination>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/destinations")]
pub async fn list_destinations(
    guard: Guard<OrganisationRead>,
    paged: Paged,
) -> ApiResult<web::Json<Page<Destination>>> {
    let (org, page) = (guard.org(), (paged.position()?, paged.fetch()));
    let rows = guard.db.read(async |conn| queries::list(conn, org, page).await).await?;
    let rooms = rows.into_iter().map(|row| service::shown(&guard.app, row)).collect::<ApiResult<Vec<_>>>()?;
    next_page(&paged, rooms, |room| room.id).map(web::Json)
}

/// Sets a room up
///
/// A room in Slack, Discord or Teams is the address of its incoming webhook, a service in PagerDuty its routing key.
#[utoipa::path(operation_id = "create_destination", tag = "channels", security(("bearer" = [])), request_body = WriteDestination,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The room", body = Destination),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/destinations")]
pub async fn create_destination(
    guard: Guard<OrganisationManage>,
    body: Body<WriteDestination>,
) -> ApiResult<Created<Destination>> {
    let (org, app) = (guard.org(), &guard.app);
    guard.create(&body, async |tx| service::create(tx, app, org, &body).await).await
}

/// Changes a room, or switches it on again
#[utoipa::path(operation_id = "update_destination", tag = "channels", security(("bearer" = [])), request_body = WriteDestination,
    params(("destination_id" = Uuid, Path, description = "The room")),
    responses((status = 200, description = "The room", body = Destination),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[put("/destinations/{destination_id}")]
pub async fn update_destination(
    guard: Guard<OrganisationManage>,
    id: Path<Uuid>,
    body: Body<WriteDestination>,
) -> ApiResult<web::Json<Destination>> {
    let (org, app) = (guard.org(), &guard.app);
    guard.db.write(async |tx| service::update(tx, app, (org, *id), &body).await).await.map(web::Json)
}

/// Removes a room: what waits for it is not sent
#[utoipa::path(operation_id = "delete_destination", tag = "channels", security(("bearer" = [])),
    params(("destination_id" = Uuid, Path, description = "The room")),
    responses((status = 204, description = "It is gone"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/destinations/{destination_id}")]
pub async fn delete_destination(guard: Guard<OrganisationManage>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    guard.db.write(async |tx| service::remove(tx, org, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a test to a room
#[utoipa::path(operation_id = "test_destination", tag = "channels", security(("bearer" = [])),
    params(("destination_id" = Uuid, Path, description = "The room"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The test, on its way", body = TestOnItsWay),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `wrong_state`: switched off", body = Problem, content_type = "application/problem+json")))]
#[post("/destinations/{destination_id}/test")]
pub async fn test_destination(
    guard: Guard<OrganisationManage>,
    id: Path<Uuid>,
) -> ApiResult<Created<TestOnItsWay>> {
    let (org, locale) = (guard.org(), guard.locale());
    guard.create(&(), async |tx| service::test(tx, (org, *id), locale).await).await
}
