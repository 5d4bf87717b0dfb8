//! `/webhook-deliveries`: what was sent, what came of it, and sending it again.

use actix_web::{get, post, web};
use chrono::TimeDelta;
use contract::webhooks::{
    ReplayWebhooks, ReplayedWebhooks, WebhookDelivery, WebhookDeliveryLog, WebhookState,
};
use contract::{ErrorCode, Page, Problem};
use garde::Validate;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Guard, WebhooksManage, WebhooksRead};
use platform::http::{Body, Paged, Path, Query, next_page};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use uuid::Uuid;

use super::jobs::SendWebhook;
use super::queries;

/// How much is sent again at once.
const MOST_AGAIN: i64 = 1_000;
const LONGEST: TimeDelta = TimeDelta::days(31);

/// Which webhooks a list shows.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only those to this endpoint.
    #[garde(skip)]
    pub endpoint: Option<Uuid>,
    /// Only those in this state.
    #[garde(skip)]
    pub state: Option<WebhookState>,
    /// Only those of this event type.
    #[garde(inner(length(chars, min = 1, max = 60)))]
    pub event_type: Option<String>,
}

/// Lists the organisation's webhooks, newest first
#[utoipa::path(operation_id = "list_webhook_deliveries", tag = "webhooks", params(Filter, Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of webhooks", body = Page<WebhookDelivery>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/webhook-deliveries")]
pub async fn list_webhook_deliveries(
    guard: Guard<WebhooksRead>,
    filter: Query<Filter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<WebhookDelivery>>> {
    let org = guard.org();
    let filter = queries::Filter {
        id: None,
        endpoint: filter.endpoint,
        state: filter.state,
        event_type: filter.event_type.as_deref(),
        after: paged.position()?,
    };
    let rows = guard.db.read(async |conn| queries::list(conn, org, filter, paged.fetch()).await).await?;
    next_page(&paged, rows, |row| row.id).map(web::Json)
}

/// Reads one webhook with its attempts
///
/// Each attempt tells the headers and the digest of the body that were sent, and what was answered.
#[utoipa::path(operation_id = "get_webhook_delivery", tag = "webhooks", security(("bearer" = [])),
    params(("webhook_delivery_id" = Uuid, Path, description = "The webhook")),
    responses((status = 200, description = "The webhook", body = WebhookDeliveryLog),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/webhook-deliveries/{webhook_delivery_id}")]
pub async fn get_webhook_delivery(
    guard: Guard<WebhooksRead>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<WebhookDeliveryLog>> {
    let org = guard.org();
    let log = guard.db.read(async |conn| {
        let delivery = queries::delivery(conn, org, *id).await?;
        let payload = queries::payload(conn, *id).await?;
        Ok(WebhookDeliveryLog { delivery, payload, log: queries::attempts(conn, *id).await? })
    });
    log.await.map(web::Json)
}

/// Sends one webhook again, at once and from the beginning of the schedule
///
/// It keeps its `webhook-id`: a receiver that has taken it before knows it. One to an endpoint that is switched off
/// is given up.
#[utoipa::path(operation_id = "replay_webhook_delivery", tag = "webhooks", security(("bearer" = [])),
    params(("webhook_delivery_id" = Uuid, Path, description = "The webhook"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 200, description = "The webhook, on its way again", body = WebhookDelivery),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[post("/webhook-deliveries/{webhook_delivery_id}/replay")]
pub async fn replay_webhook_delivery(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<WebhookDelivery>> {
    let org = guard.org();
    guard.once(&(), async |tx| replay(tx, org, *id).await).await.map(web::Json)
}

async fn replay(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<WebhookDelivery> {
    let now = tx.now();
    let turn = queries::queue_again(tx, org, id, now).await?.ok_or(ErrorCode::NotFound)?;
    tx.enqueue(&SendWebhook { delivery_id: id, turn }).await?;
    tx.audit(Change::new(Some(org), "webhook.replayed", id));
    queries::delivery(tx, org, id).await
}

/// Sends again what an endpoint was sent in a time of at most 31 days, up to 1000 webhooks
///
/// Those that wait to be sent are left alone. They keep their `webhook-id`.
#[utoipa::path(operation_id = "replay_webhooks", tag = "webhooks", security(("bearer" = [])), request_body = ReplayWebhooks,
    params(("endpoint_id" = Uuid, Path, description = "The endpoint"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 200, description = "How many are on their way again", body = ReplayedWebhooks),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`: the time is too long, or holds too many; `wrong_state`: switched off", body = Problem, content_type = "application/problem+json")))]
#[post("/webhook-endpoints/{endpoint_id}/replay")]
pub async fn replay_webhooks(
    guard: Guard<WebhooksManage>,
    id: Path<Uuid>,
    body: Body<ReplayWebhooks>,
) -> ApiResult<web::Json<ReplayedWebhooks>> {
    let org = guard.org();
    guard.once(&body, async |tx| replay_range(tx, org, *id, &body).await).await.map(web::Json)
}

async fn replay_range(
    tx: &mut Tx<'_>,
    org: Uuid,
    id: Uuid,
    wish: &ReplayWebhooks,
) -> ApiResult<ReplayedWebhooks> {
    let now = tx.now();
    let refusal =
        |code: &str, why: &str| Err(ApiError::new(ErrorCode::InvalidFields).field_fault("to", code, why));
    if wish.from >= wish.to || wish.to - wish.from > LONGEST {
        return refusal("out_of_range", "It must lie after the beginning, and at most 31 days.");
    }
    queries::lock(tx, org, id).await?;
    if !queries::endpoint(tx, org, now, id).await?.enabled {
        return Err(ApiError::new(ErrorCode::WrongState).detail("This endpoint is switched off."));
    }
    let window = (wish.from, wish.to);
    let planned = queries::queue_range_again(tx, id, window, wish.state, (MOST_AGAIN + 1, now)).await?;
    if planned.len() as i64 > MOST_AGAIN {
        return refusal("too_many", "There are more than 1000 in this time; choose a shorter one.");
    }
    for (delivery_id, turn) in &planned {
        tx.enqueue(&SendWebhook { delivery_id: *delivery_id, turn: *turn }).await?;
    }
    let after = json!({"from": wish.from, "to": wish.to, "state": wish.state, "count": planned.len()});
    tx.audit(Change::new(Some(org), "webhooks.replayed", id).after(after));
    Ok(ReplayedWebhooks { count: planned.len() })
}
