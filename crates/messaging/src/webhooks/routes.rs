//! `/webhook-endpoints` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post, put, web};
use contract::keys::RotateApiKey;
use contract::webhooks::events::AboutTest;
use contract::webhooks::{
    NewWebhookSecret, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookEventType, WriteWebhookEndpoint,
};
use contract::{ErrorCode, Page, Problem};
use platform::error::{ApiError, ApiResult};
use platform::guard::{Guard, WebhooksManage, WebhooksRead};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::{queries, service};

/// What webhooks can tell
#[utoipa::path(operation_id = "list_webhook_event_types", tag = "webhooks", security(("bearer" = [])),
    responses((status = 200, description = "The event types", body = Vec<WebhookEventType>),
              (status = "default", description = "`not_signed_in`, `not_permitted`", body = Problem, content_type = "application/problem+json")))]
#[get("/webhook-event-types")]
pub async fn list_webhook_event_types(_guard: Guard<WebhooksRead>) -> web::Json<Vec<WebhookEventType>> {
    let known = WebhookEvent::subscribable().into_iter();
    let shown = known
        .map(|event| WebhookEventType { name: event.name.into(), description: event.description.into() });
    web::Json(shown.collect())
}

/// Lists where webhooks go, newest first
#[utoipa::path(operation_id = "list_webhook_endpoints", tag = "webhooks", params(Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of endpoints", body = Page<WebhookEndpoint>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/webhook-endpoints")]
pub async fn list_webhook_endpoints(
    guard: Guard<WebhooksRead>,
    paged: Paged,
) -> ApiResult<web::Json<Page<WebhookEndpoint>>> {
    let (org, now, after) = (guard.org(), guard.now(), paged.position()?);
    let found = guard
        .db
        .read(async |conn| queries::endpoints(conn, org, now, (None, after), paged.fetch()).await)
        .await?;
    next_page(&paged, found, |endpoint| endpoint.id).map(web::Json)
}

/// Sets an endpoint up; its secret is shown this once
///
/// Webhooks follow Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`, verified by the
/// secret with any of its libraries. A receiver answers 2xx within 15 seconds; otherwise it is tried again after
/// 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, each up to a fifth longer, or later when `Retry-After`
/// asks for it, up to a day. `410 Gone` switches the endpoint off, and so do five days without success.
#[utoipa::path(operation_id = "create_webhook_endpoint", tag = "webhooks", security(("bearer" = [])), request_body = WriteWebhookEndpoint,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The endpoint and its secret", body = NewWebhookSecret),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/webhook-endpoints")]
pub async fn create_webhook_endpoint(
    guard: Guard<WebhooksManage>,
    body: Body<WriteWebhookEndpoint>,
) -> ApiResult<Created<NewWebhookSecret>> {
    let (org, keys, config) = (guard.org(), &guard.app.keys, &guard.app.config);
    let made = guard.once(&body, async |tx| service::create(tx, (keys, config), org, &body).await).await?;
    made.open(keys).map(Created)
}

/// Reads one endpoint
#[utoipa::path(operation_id = "get_webhook_endpoint", tag = "webhooks", security(("bearer" = [])),
    params(("endpoint_id" = Uuid, Path, description = "The endpoint")),
    responses((status = 200, description = "The endpoint", body = WebhookEndpoint),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/webhook-endpoints/{endpoint_id}")]
pub async fn get_webhook_endpoint(
    guard: Guard<WebhooksRead>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<WebhookEndpoint>> {
    let (org, now) = (guard.org(), guard.now());
    guard.db.read(async |conn| queries::endpoint(conn, org, now, *id).await).await.map(web::Json)
}

/// Changes an endpoint, or switches it on again
#[utoipa::path(operation_id = "update_webhook_endpoint", tag = "webhooks", security(("bearer" = [])), request_body = WriteWebhookEndpoint,
    params(("endpoint_id" = Uuid, Path, description = "The endpoint")),
    responses((status = 200, description = "The endpoint", body = WebhookEndpoint),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[put("/webhook-endpoints/{endpoint_id}")]
pub async fn update_webhook_endpoint(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
    body: Body<WriteWebhookEndpoint>,
) -> ApiResult<web::Json<WebhookEndpoint>> {
    let (org, config) = (guard.org(), &guard.app.config);
    guard.db.write(async |tx| service::update(tx, config, (org, *id), &body).await).await.map(web::Json)
}

/// Removes an endpoint with its log
#[utoipa::path(operation_id = "delete_webhook_endpoint", tag = "webhooks", security(("bearer" = [])),
    params(("endpoint_id" = Uuid, Path, description = "The endpoint")),
    responses((status = 204, description = "It is gone"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/webhook-endpoints/{endpoint_id}")]
pub async fn delete_webhook_endpoint(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let org = guard.org();
    guard.db.write(async |tx| service::remove(tx, org, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives an endpoint a new secret, shown this once
///
/// For the overlap, 24 hours when nothing else is wished, webhooks carry a signature by each of the two secrets.
#[utoipa::path(operation_id = "rotate_webhook_secret", tag = "webhooks", security(("bearer" = [])), request_body = RotateApiKey,
    params(("endpoint_id" = Uuid, Path, description = "The endpoint"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 200, description = "The endpoint and its new secret", body = NewWebhookSecret),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/webhook-endpoints/{endpoint_id}/rotate")]
pub async fn rotate_webhook_secret(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
    body: Body<RotateApiKey>,
) -> ApiResult<web::Json<NewWebhookSecret>> {
    let (org, keys, overlap) = (guard.org(), &guard.app.keys, body.overlap_hours);
    let made = guard.once(&body, async |tx| service::rotate(tx, keys, (org, *id), overlap).await).await?;
    made.open(keys).map(web::Json)
}

/// Sends an endpoint a test, `webhook.test`
#[utoipa::path(operation_id = "test_webhook_endpoint", tag = "webhooks", security(("bearer" = [])),
    params(("endpoint_id" = Uuid, Path, description = "The endpoint"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The test, on its way", body = WebhookDelivery),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `wrong_state`: switched off", body = Problem, content_type = "application/problem+json")))]
#[post("/webhook-endpoints/{endpoint_id}/test")]
pub async fn test_webhook_endpoint(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
) -> ApiResult<Created<WebhookDelivery>> {
    let org = guard.org();
    let send = async |tx: &mut platform::Tx<'_>| {
        let now = tx.now();
        if !queries::endpoint(tx, org, now, *id).await?.enabled {
            return Err(ApiError::new(ErrorCode::WrongState).detail("This endpoint is switched off."));
        }
        let event = WebhookEvent::Test(AboutTest { endpoint_id: *id });
        let sent = service::deliver(tx, (org, *id), event).await?;
        queries::delivery(tx, org, sent).await
    };
    guard.create(&(), send).await
}
