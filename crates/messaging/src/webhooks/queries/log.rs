//! What was sent, and what came of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use contract::webhooks::{WebhookAttempt, WebhookDelivery, WebhookFault, WebhookState};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, Tx, sql};
use platform::error::{ApiError, ApiResult};
use platform::privacy::older_than;
use serde_json::Value;
use uuid::Uuid;

use super::unknown;
use crate::webhooks::sending::webhook_id;

#[derive(QueryableByName)]
struct DeliveryRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    endpoint_id: Uuid,
    #[diesel(sql_type = Text)]
    event_type: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    last_status: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    last_fault: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    next_attempt_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    delivered_at: Option<DateTime<Utc>>,
}

fn fault(name: Option<&str>) -> ApiResult<Option<WebhookFault>> {
    name.map(|name| WebhookFault::from_name(name).ok_or_else(|| unknown("fault"))).transpose()
}

impl TryFrom<DeliveryRow> for WebhookDelivery {
    type Error = ApiError;

    fn try_from(row: DeliveryRow) -> ApiResult<Self> {
        Ok(Self {
            id: row.id,
            webhook_id: webhook_id(row.id),
            endpoint_id: row.endpoint_id,
            event_type: row.event_type,
            state: WebhookState::from_name(&row.state).ok_or_else(|| unknown("state"))?,
            attempts: row.attempts,
            last_status: row.last_status,
            last_fault: fault(row.last_fault.as_deref())?,
            created_at: row.created_at,
            next_attempt_at: row.next_attempt_at,
            delivered_at: row.delivered_at,
        })
    }
}

/// Which deliveries are meant.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::webhooks) struct Filter<'a> {
    pub(in crate::webhooks) id: Option<Uuid>,
    pub(in crate::webhooks) endpoint: Option<Uuid>,
    pub(in crate::webhooks) state: Option<WebhookState>,
    pub(in crate::webhooks) event_type: Option<&'a str>,
    /// Older than this one.
    pub(in crate::webhooks) after: Option<Uuid>,
}

/// At most `limit` deliveries, newest first.
pub(in crate::webhooks) async fn list(
    conn: &mut Conn,
    org: Uuid,
    filter: Filter<'_>,
    limit: i64,
) -> ApiResult<Vec<WebhookDelivery>> {
    let rows: Vec<DeliveryRow> = sql("
        SELECT id, endpoint_id, event_type, state, attempts, last_status, last_fault, created_at, next_attempt_at,
               delivered_at
          FROM webhook_deliveries
         WHERE org_id = $1 AND ($2 IS NULL OR id = $2) AND ($3 IS NULL OR endpoint_id = $3)
           AND ($4 IS NULL OR state = $4) AND ($5 IS NULL OR event_type = $5) AND ($6 IS NULL OR id < $6)
         ORDER BY id DESC LIMIT $7")
    .bind::<SqlUuid, _>(org)
    .bind::<Nullable<SqlUuid>, _>(filter.id)
    .bind::<Nullable<SqlUuid>, _>(filter.endpoint)
    .bind::<Nullable<Text>, _>(filter.state.map(WebhookState::name))
    .bind::<Nullable<Text>, _>(filter.event_type)
    .bind::<Nullable<SqlUuid>, _>(filter.after)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One delivery; `not_found` when the organisation has none of this id.
pub(in crate::webhooks) async fn delivery(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
) -> ApiResult<WebhookDelivery> {
    let found = list(conn, org, Filter { id: Some(id), ..Filter::default() }, 1).await?.pop();
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

/// The body of a delivery.
pub(in crate::webhooks) async fn payload(conn: &mut Conn, id: Uuid) -> ApiResult<Value> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        payload: String,
    }
    let row: Row = sql("SELECT payload FROM webhook_deliveries WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await?;
    Ok(serde_json::from_str(&row.payload)?)
}

#[derive(QueryableByName)]
struct AttemptRow {
    #[diesel(sql_type = Timestamptz)]
    started_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    duration_ms: i32,
    #[diesel(sql_type = Jsonb)]
    request_headers: Value,
    #[diesel(sql_type = Text)]
    body_sha256: String,
    #[diesel(sql_type = Nullable<Integer>)]
    status: Option<i32>,
    #[diesel(sql_type = Jsonb)]
    response_headers: Value,
    #[diesel(sql_type = Text)]
    response_body: String,
    #[diesel(sql_type = Nullable<Text>)]
    fault: Option<String>,
}

/// The attempts of a delivery, at most 50, the latest first.
pub(in crate::webhooks) async fn attempts(conn: &mut Conn, delivery: Uuid) -> ApiResult<Vec<WebhookAttempt>> {
    let rows: Vec<AttemptRow> = sql("
        SELECT started_at, duration_ms, request_headers, body_sha256, status, response_headers, response_body, fault
          FROM webhook_attempts WHERE delivery_id = $1 ORDER BY id DESC LIMIT 50")
    .bind::<SqlUuid, _>(delivery)
    .load(conn)
    .await?;
    let headers = |value| Ok::<BTreeMap<String, String>, ApiError>(serde_json::from_value(value)?);
    rows.into_iter()
        .map(|row| {
            Ok(WebhookAttempt {
                started_at: row.started_at,
                duration_ms: row.duration_ms,
                request_headers: headers(row.request_headers)?,
                body_sha256: row.body_sha256,
                status: row.status,
                response_headers: headers(row.response_headers)?,
                response_body: row.response_body,
                fault: fault(row.fault.as_deref())?,
            })
        })
        .collect()
}

#[derive(QueryableByName)]
struct Turn {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Integer)]
    turn: i32,
}

/// Plans a delivery anew, from the beginning of the schedule; its new turn, or none when there is no such delivery.
pub(in crate::webhooks) async fn queue_again(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<i32>> {
    let planned: Option<Turn> = sql("
        UPDATE webhook_deliveries SET state = 'pending', next_attempt_at = $3, turn = turn + 1, tried = 0
         WHERE org_id = $1 AND id = $2 RETURNING id, turn")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(planned.map(|planned| planned.turn))
}

/// Plans anew what an endpoint was told in a time and does not wait to be sent, at most `limit`: which, and
/// their turns.
pub(in crate::webhooks) async fn queue_range_again(
    conn: &mut Conn,
    endpoint: Uuid,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    state: Option<WebhookState>,
    (limit, now): (i64, DateTime<Utc>),
) -> ApiResult<Vec<(Uuid, i32)>> {
    let planned: Vec<Turn> = sql("
        UPDATE webhook_deliveries SET state = 'pending', next_attempt_at = $6, turn = turn + 1, tried = 0
         WHERE id IN (SELECT id FROM webhook_deliveries
                       WHERE endpoint_id = $1 AND created_at >= $2 AND created_at < $3 AND state <> 'pending'
                         AND ($4 IS NULL OR state = $4) ORDER BY id LIMIT $5 FOR UPDATE)
        RETURNING id, turn")
    .bind::<SqlUuid, _>(endpoint)
    .bind::<Timestamptz, _>(from)
    .bind::<Timestamptz, _>(to)
    .bind::<Nullable<Text>, _>(state.map(WebhookState::name))
    .bind::<BigInt, _>(limit)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?;
    Ok(planned.into_iter().map(|planned| (planned.id, planned.turn)).collect())
}

/// Forgets what was sent, or given up, before.
pub(crate) async fn forget(tx: &mut Tx<'_>, before: DateTime<Utc>) -> ApiResult<usize> {
    older_than(tx, "DELETE FROM webhook_deliveries WHERE created_at < $1 AND state <> 'pending'", before)
        .await
}
