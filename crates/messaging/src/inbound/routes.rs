//! `/inbound-sources`, `/inbound-events`, and `/inbound`, where sources send to.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use contract::inbound::{
    InboundEvent, InboundEventLog, InboundReceipt, InboundSource, NewInboundSource, WriteInboundSource,
};
use contract::{Page, Problem};
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{Applications, Guard, WebhooksManage, WebhooksRead};
use platform::http::{Body, Created, Paged, Path, Query, Raw, next_page};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{queries, receive, service};

/// Lists who may tell us something, newest first
#[utoipa::path(operation_id = "list_inbound_sources", tag = "inbound", params(Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of sources", body = Page<InboundSource>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/inbound-sources")]
pub async fn list_inbound_sources(
    guard: Guard<WebhooksRead>,
    paged: Paged,
) -> ApiResult<web::Json<Page<InboundSource>>> {
    let (org, page) = (guard.org(), (paged.position()?, paged.fetch()));
    let rows = guard.db.read(async |conn| queries::sources(conn, org, None, page).await).await?;
    let found = rows.iter().map(|row| service::shown(&guard.app, row)).collect::<ApiResult<Vec<_>>>()?;
    next_page(&paged, found, |source| source.id).map(web::Json)
}

/// Sets a source up
///
/// Without a secret it gets one, which is shown this once. A message is signed as Standard Webhooks says, or by
/// HMAC-SHA256 over the body in a header, or sent with the secret itself as `Authorization: Bearer …`.
#[utoipa::path(operation_id = "create_inbound_source", tag = "inbound", security(("bearer" = [])), request_body = WriteInboundSource,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The source, and its secret", body = NewInboundSource),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/inbound-sources")]
pub async fn create_inbound_source(
    guard: Guard<WebhooksManage>,
    body: Body<WriteInboundSource>,
) -> ApiResult<Created<NewInboundSource>> {
    let (org, app) = (guard.org(), &guard.app);
    let made = guard.once(&body, async |tx| service::create(tx, app, org, &body).await).await?;
    made.open(&app.keys).map(Created)
}

/// Changes a source; its secret stays when none is sent
#[utoipa::path(operation_id = "update_inbound_source", tag = "inbound", security(("bearer" = [])), request_body = WriteInboundSource,
    params(("source_id" = Uuid, Path, description = "The source")),
    responses((status = 200, description = "The source", body = InboundSource),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[put("/inbound-sources/{source_id}")]
pub async fn update_inbound_source(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
    body: Body<WriteInboundSource>,
) -> ApiResult<web::Json<InboundSource>> {
    let (org, app) = (guard.org(), &guard.app);
    guard.db.write(async |tx| service::update(tx, app, (org, *id), &body).await).await.map(web::Json)
}

/// Removes a source with its log
#[utoipa::path(operation_id = "delete_inbound_source", tag = "inbound", security(("bearer" = [])),
    params(("source_id" = Uuid, Path, description = "The source")),
    responses((status = 204, description = "It is gone"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/inbound-sources/{source_id}")]
pub async fn delete_inbound_source(guard: Guard<WebhooksManage>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    guard.db.write(async |tx| service::remove(tx, org, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes in what a source sends
///
/// The body is JSON of the source's own, up to 256 KiB. Sent again it is answered as before.
#[utoipa::path(operation_id = "receive_inbound", tag = "inbound",
    params(("source_id" = Uuid, Path, description = "The source"),
           ("webhook-id" = Option<String>, Header, description = "Standard Webhooks: the message"),
           ("webhook-timestamp" = Option<String>, Header, description = "Standard Webhooks: when it was sent, in seconds of Unix time"),
           ("webhook-signature" = Option<String>, Header, description = "Standard Webhooks: its signatures")),
    request_body(content = serde_json::Value, description = "What the source has to say", example = json!({"id": "7", "type": "invoice.settled", "data": {"order": {"reference": "7KQ2-MX4D"}}})),
    responses((status = 202, description = "It is taken", body = InboundReceipt),
              (status = "default", description = "`not_found`: no such source; `bad_signature`, `callback_stale`, `malformed_json`, `body_too_large`; `invalid_fields`: what the mapping names is missing", body = Problem, content_type = "application/problem+json")))]
#[post("/{source_id}")]
pub async fn receive_inbound(
    guard: Guard<Applications>,
    id: Path<Uuid>,
    request: HttpRequest,
    body: Raw,
) -> ApiResult<HttpResponse> {
    let with = (&guard.db, &guard.app.keys);
    let receipt = receive::receive(with, *id, request.headers(), &body.bytes).await?;
    Ok(HttpResponse::Accepted().json(receipt))
}

/// Which messages a list shows.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only those of this source.
    #[garde(skip)]
    pub source: Option<Uuid>,
    /// Only those that were refused, or that were not.
    #[garde(skip)]
    pub refused: Option<bool>,
}

/// Lists what sources sent, newest first
#[utoipa::path(operation_id = "list_inbound_events", tag = "inbound", params(Filter, Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of messages", body = Page<InboundEvent>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/inbound-events")]
pub async fn list_inbound_events(
    guard: Guard<WebhooksRead>,
    filter: Query<Filter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<InboundEvent>>> {
    let org = guard.org();
    let filter = queries::Filter {
        id: None,
        source: filter.source,
        refused: filter.refused,
        after: paged.position()?,
    };
    let rows = guard.db.read(async |conn| queries::events(conn, org, filter, paged.fetch()).await).await?;
    next_page(&paged, rows, |row| row.id).map(web::Json)
}

/// Reads one message with its body
#[utoipa::path(operation_id = "get_inbound_event", tag = "inbound", security(("bearer" = [])),
    params(("inbound_event_id" = Uuid, Path, description = "The message")),
    responses((status = 200, description = "The message", body = InboundEventLog),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/inbound-events/{inbound_event_id}")]
pub async fn get_inbound_event(
    guard: Guard<WebhooksRead>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<InboundEventLog>> {
    let org = guard.org();
    let log = guard.db.read(async |conn| {
        let event = queries::event(conn, org, *id).await?;
        let (body, body_sha256) = queries::body(conn, *id).await?;
        Ok(InboundEventLog { event, body, body_sha256 })
    });
    log.await.map(web::Json)
}

/// Takes a message in again, as if it had just come
#[utoipa::path(operation_id = "replay_inbound_event", tag = "inbound", security(("bearer" = [])),
    params(("inbound_event_id" = Uuid, Path, description = "The message"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 200, description = "The message", body = InboundEvent),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `wrong_state`: it was refused", body = Problem, content_type = "application/problem+json")))]
#[post("/inbound-events/{inbound_event_id}/replay")]
pub async fn replay_inbound_event(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<InboundEvent>> {
    let org = guard.org();
    guard.once(&(), async |tx| receive::replay(tx, org, *id).await).await.map(web::Json)
}
