//! Deliveries on their way.

use chrono::{DateTime, Utc};
use contract::webhooks::{WebhookFault, WebhookState};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::new_id;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

use crate::webhooks::sending::Attempt;

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The endpoints of an organisation that listen to an event type.
pub(in crate::webhooks) async fn listening(
    conn: &mut Conn,
    org: Uuid,
    event_type: &str,
) -> ApiResult<Vec<Uuid>> {
    let rows: Vec<Id> = sql("SELECT id FROM webhook_endpoints
             WHERE org_id = $1 AND disabled_at IS NULL AND $2 = ANY(event_types) ORDER BY id")
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(event_type)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub(in crate::webhooks) async fn insert_delivery(
    conn: &mut Conn,
    (org, endpoint): (Uuid, Uuid),
    (id, event_type): (Uuid, &str),
    payload: &str,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("
        INSERT INTO webhook_deliveries (id, org_id, endpoint_id, event_type, payload, created_at, next_attempt_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(endpoint)
    .bind::<Text, _>(event_type)
    .bind::<Text, _>(payload)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// What an attempt needs to know.
#[derive(Debug, QueryableByName)]
pub(in crate::webhooks) struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::webhooks) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::webhooks) org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::webhooks) endpoint_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(in crate::webhooks) payload: String,
    #[diesel(sql_type = Integer)]
    pub(in crate::webhooks) turn: i32,
    #[diesel(sql_type = Integer)]
    pub(in crate::webhooks) tried: i32,
    #[diesel(sql_type = Text)]
    pub(in crate::webhooks) url: String,
    #[diesel(sql_type = Bool)]
    pub(in crate::webhooks) disabled: bool,
}

/// A delivery that waits for the attempt of this turn.
pub(in crate::webhooks) async fn due(conn: &mut Conn, id: Uuid, turn: i32) -> ApiResult<Option<Due>> {
    Ok(sql("
        SELECT delivery.id, delivery.org_id, delivery.endpoint_id, delivery.payload, delivery.turn, delivery.tried,
               endpoint.url, endpoint.disabled_at IS NOT NULL AS disabled
          FROM webhook_deliveries AS delivery JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
         WHERE delivery.id = $1 AND delivery.turn = $2 AND delivery.state = 'pending'")
    .bind::<SqlUuid, _>(id)
    .bind::<Integer, _>(turn)
    .get_result(conn)
    .await
    .optional()?)
}

/// Some deliveries whose attempt should have been made before then, with their turn.
pub(in crate::webhooks) async fn overdue(
    conn: &mut Conn,
    before: DateTime<Utc>,
) -> ApiResult<Vec<(Uuid, i32)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Integer)]
        turn: i32,
    }
    let rows: Vec<Row> = sql("SELECT id, turn FROM webhook_deliveries
              WHERE state = 'pending' AND next_attempt_at < $1 ORDER BY id LIMIT 1000")
    .bind::<Timestamptz, _>(before)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.turn)).collect())
}

/// Gives a delivery up without an attempt: its endpoint is switched off.
pub(in crate::webhooks) async fn drop_delivery(conn: &mut Conn, id: Uuid, turn: i32) -> ApiResult<()> {
    sql("UPDATE webhook_deliveries SET state = 'failed', next_attempt_at = NULL, last_fault = $3
          WHERE id = $1 AND turn = $2 AND state = 'pending'")
    .bind::<SqlUuid, _>(id)
    .bind::<Integer, _>(turn)
    .bind::<Text, _>(WebhookFault::EndpointDisabled.name())
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes how the attempt of a turn went and what follows: nothing, or another one at `next`. Tells whether
/// nobody else has noted it meanwhile.
pub(in crate::webhooks) async fn note(
    conn: &mut Conn,
    due: &Due,
    attempt: &Attempt,
    (state, next): (WebhookState, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let delivered = (state == WebhookState::Delivered).then_some(now);
    let changed = sql("
        UPDATE webhook_deliveries SET state = $3, next_attempt_at = $4, delivered_at = coalesce($5, delivered_at),
               attempts = attempts + 1, tried = tried + 1, turn = turn + 1, last_status = $6, last_fault = $7
         WHERE id = $1 AND turn = $2 AND state = 'pending'")
    .bind::<SqlUuid, _>(due.id)
    .bind::<Integer, _>(due.turn)
    .bind::<Text, _>(state.name())
    .bind::<Nullable<Timestamptz>, _>(next)
    .bind::<Nullable<Timestamptz>, _>(delivered)
    .bind::<Nullable<Integer>, _>(attempt.status.map(i32::from))
    .bind::<Nullable<Text>, _>(attempt.fault.map(WebhookFault::name))
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

/// Adds an attempt to the log.
pub(in crate::webhooks) async fn insert_attempt(
    conn: &mut Conn,
    delivery: Uuid,
    attempt: &Attempt,
) -> ApiResult<()> {
    sql("
        INSERT INTO webhook_attempts (id, delivery_id, started_at, duration_ms, request_headers, body_sha256, status,
               response_headers, response_body, fault)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind::<SqlUuid, _>(new_id())
    .bind::<SqlUuid, _>(delivery)
    .bind::<Timestamptz, _>(attempt.started_at)
    .bind::<Integer, _>(attempt.duration_ms)
    .bind::<Jsonb, _>(serde_json::to_value(&attempt.request_headers)?)
    .bind::<Text, _>(&attempt.body_sha256)
    .bind::<Nullable<Integer>, _>(attempt.status.map(i32::from))
    .bind::<Jsonb, _>(serde_json::to_value(&attempt.response_headers)?)
    .bind::<Text, _>(&attempt.response_body)
    .bind::<Nullable<Text>, _>(attempt.fault.map(WebhookFault::name))
    .execute(conn)
    .await?;
    Ok(())
}
