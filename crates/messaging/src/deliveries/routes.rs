//! Deliveries over HTTP.

use actix_web::http::header::{CONTENT_TYPE, ContentDisposition};
use actix_web::{HttpResponse, get, post, web};
use contract::channels::Channel;
use contract::deliveries::{Delivery, DeliveryState, DeliveryStatistics, DeliverySummary};
use contract::{Page, Problem};
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{DeliveriesManage, DeliveriesRead, Guard};
use platform::http::{Paged, Path, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{queries, service, statistics};

/// Which deliveries a list shows.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only those in this state.
    #[garde(skip)]
    pub state: Option<DeliveryState>,
    /// Only those that go this way.
    #[garde(skip)]
    pub channel: Option<Channel>,
    /// Only those whose address or subject contains this.
    #[garde(inner(length(chars, min = 1, max = 100)))]
    pub q: Option<String>,
}

/// Lists the organisation's messages, newest first
#[utoipa::path(operation_id = "list_deliveries", tag = "deliveries", params(Filter, Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of messages", body = Page<DeliverySummary>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/deliveries")]
pub async fn list_deliveries(
    guard: Guard<DeliveriesRead>,
    filter: Query<Filter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<DeliverySummary>>> {
    let org = guard.org();
    let wanted =
        || queries::Wanted { state: filter.state, channel: filter.channel, words: filter.q.as_deref() };
    guard.db.read(async |conn| service::list(conn, org, wanted(), &paged).await).await.map(web::Json)
}

/// How far back figures go.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// So many days, today among them.
    #[serde(default = "a_month")]
    #[garde(range(min = 1, max = 366))]
    #[param(minimum = 1, maximum = 366, default = 30, required = false)]
    pub days: u16,
}

const fn a_month() -> u16 {
    30
}

/// Counts what became of the organisation's messages, by day, channel and template
///
/// Openings and clicks are counted for readers who agreed, and `counted` says how many letters went to those. Messages
/// are kept for a time only; so are their figures.
#[utoipa::path(operation_id = "delivery_statistics", tag = "deliveries", params(Since), security(("bearer" = [])),
    responses((status = 200, description = "The figures", body = DeliveryStatistics),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `malformed_request`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[get("/deliveries/statistics")]
pub async fn delivery_statistics(
    guard: Guard<DeliveriesRead>,
    since: Query<Since>,
) -> ApiResult<web::Json<DeliveryStatistics>> {
    let (org, zone, now) = (guard.org(), guard.app.config.time_zone, guard.now());
    let figures = guard.db.read(async |conn| statistics::of(conn, org, since.days, zone, now).await);
    figures.await.map(web::Json)
}

/// Reads one message with its text
#[utoipa::path(operation_id = "get_delivery", tag = "deliveries", security(("bearer" = [])),
    params(("delivery_id" = Uuid, Path, description = "The message")),
    responses((status = 200, description = "The message", body = Delivery),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/deliveries/{delivery_id}")]
pub async fn get_delivery(guard: Guard<DeliveriesRead>, id: Path<Uuid>) -> ApiResult<web::Json<Delivery>> {
    let org = guard.org();
    guard.db.read(async |conn| service::get(conn, org, *id).await).await.map(web::Json)
}

/// Downloads a file attached to a message
#[utoipa::path(operation_id = "get_attachment", tag = "deliveries", security(("bearer" = [])),
    params(("delivery_id" = Uuid, Path, description = "The message"), ("attachment_id" = Uuid, Path, description = "The file")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/deliveries/{delivery_id}/attachments/{attachment_id}")]
pub async fn get_attachment(
    guard: Guard<DeliveriesRead>,
    ids: Path<(Uuid, Uuid)>,
) -> ApiResult<HttpResponse> {
    let (org, (delivery, id)) = (guard.org(), *ids);
    let file = guard.db.read(async |conn| queries::file(conn, org, delivery, id).await).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.media_type))
        .insert_header(ContentDisposition::attachment(file.name))
        .body(file.bytes))
}

/// Sends a failed or kept message again
#[utoipa::path(operation_id = "retry_delivery", tag = "deliveries", security(("bearer" = [])),
    params(("delivery_id" = Uuid, Path, description = "The message")),
    responses((status = 200, description = "The message, queued again", body = Delivery),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `wrong_state`", body = Problem, content_type = "application/problem+json")))]
#[post("/deliveries/{delivery_id}/retry")]
pub async fn retry_delivery(
    guard: Guard<DeliveriesManage>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<Delivery>> {
    let org = guard.org();
    guard.db.write(async |tx| service::retry(tx, org, *id).await).await.map(web::Json)
}
