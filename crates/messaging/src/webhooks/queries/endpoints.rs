//! Endpoints and their secrets.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use contract::webhooks::{WebhookDisabledReason, WebhookEndpoint};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use super::unknown;

#[derive(QueryableByName)]
struct EndpointRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = Array<Text>)]
    event_types: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    disabled_reason: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    disabled_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    failing_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    old_secret_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

impl TryFrom<EndpointRow> for WebhookEndpoint {
    type Error = ApiError;

    fn try_from(row: EndpointRow) -> ApiResult<Self> {
        let reason = row.disabled_reason.as_deref();
        let reason = reason
            .map(|name| WebhookDisabledReason::from_name(name).ok_or_else(|| unknown("reason")))
            .transpose()?;
        Ok(Self {
            id: row.id,
            url: row.url,
            description: row.description,
            event_types: row.event_types,
            enabled: reason.is_none(),
            disabled_reason: reason,
            disabled_at: row.disabled_at,
            failing_since: row.failing_since,
            old_secret_until: row.old_secret_until,
            created_at: row.created_at,
        })
    }
}

const ENDPOINTS: &str = "
SELECT endpoint.id, endpoint.url, endpoint.description, endpoint.event_types, endpoint.disabled_reason,
       endpoint.disabled_at, endpoint.failing_since, endpoint.created_at,
       (SELECT max(ends_at) FROM webhook_secrets WHERE endpoint_id = endpoint.id AND ends_at > $2) AS old_secret_until
  FROM webhook_endpoints AS endpoint
 WHERE endpoint.org_id = $1 AND ($3 IS NULL OR endpoint.id = $3) AND ($4 IS NULL OR endpoint.id < $4)
 ORDER BY endpoint.id DESC LIMIT $5";

/// At most `limit` endpoints, newest first, those before `after`.
pub(in crate::webhooks) async fn endpoints(
    conn: &mut Conn,
    org: Uuid,
    now: DateTime<Utc>,
    (id, after): (Option<Uuid>, Option<Uuid>),
    limit: i64,
) -> ApiResult<Vec<WebhookEndpoint>> {
    let rows: Vec<EndpointRow> = sql(ENDPOINTS)
        .bind::<SqlUuid, _>(org)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One endpoint; `not_found` when the organisation has none of this id.
pub(in crate::webhooks) async fn endpoint(
    conn: &mut Conn,
    org: Uuid,
    now: DateTime<Utc>,
    id: Uuid,
) -> ApiResult<WebhookEndpoint> {
    let found = endpoints(conn, org, now, (Some(id), None), 1).await?.pop();
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Keeps an endpoint as it is until the transaction ends; `not_found` for none of this id.
pub(in crate::webhooks) async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    let found = sql("SELECT FROM webhook_endpoints WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    if found == 1 { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
}

/// How many endpoints the organisation has.
pub(in crate::webhooks) async fn count(conn: &mut Conn, org: Uuid) -> ApiResult<i64> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let count: Count = sql("SELECT count(*) AS count FROM webhook_endpoints WHERE org_id = $1")
        .bind::<SqlUuid, _>(org)
        .get_result(conn)
        .await?;
    Ok(count.count)
}

/// Writes an endpoint, a new one or one that is there.
pub(in crate::webhooks) async fn write(
    conn: &mut Conn,
    org: Uuid,
    endpoint: &WebhookEndpoint,
) -> ApiResult<()> {
    sql("
        INSERT INTO webhook_endpoints
               (id, org_id, url, description, event_types, disabled_reason, disabled_at, failing_since, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (id) DO UPDATE SET url = $3, description = $4, event_types = $5, disabled_reason = $6,
               disabled_at = $7, failing_since = $8")
    .bind::<SqlUuid, _>(endpoint.id)
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(&endpoint.url)
    .bind::<Text, _>(&endpoint.description)
    .bind::<Array<Text>, _>(&endpoint.event_types)
    .bind::<Nullable<Text>, _>(endpoint.disabled_reason.map(WebhookDisabledReason::name))
    .bind::<Nullable<Timestamptz>, _>(endpoint.disabled_at)
    .bind::<Nullable<Timestamptz>, _>(endpoint.failing_since)
    .bind::<Timestamptz, _>(endpoint.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an endpoint with all that was sent there; tells whether it was there.
pub(in crate::webhooks) async fn delete(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<bool> {
    let deleted = sql("DELETE FROM webhook_endpoints WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(deleted == 1)
}

/// Notes that an endpoint has failed, or no more; tells since when it fails.
pub(in crate::webhooks) async fn set_failing(
    conn: &mut Conn,
    id: Uuid,
    now: Option<DateTime<Utc>>,
) -> ApiResult<Option<DateTime<Utc>>> {
    #[derive(QueryableByName)]
    struct Since {
        #[diesel(sql_type = Nullable<Timestamptz>)]
        failing_since: Option<DateTime<Utc>>,
    }
    // Most of the time there is nothing to change, and nobody waits for the row.
    sql("UPDATE webhook_endpoints SET failing_since = $2
          WHERE id = $1 AND (failing_since IS NULL) <> ($2::timestamptz IS NULL)")
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Timestamptz>, _>(now)
    .execute(conn)
    .await?;
    let since: Option<Since> = sql("SELECT failing_since FROM webhook_endpoints WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await
        .optional()?;
    Ok(since.and_then(|since| since.failing_since))
}

/// Switches an endpoint off; tells whether it was on.
pub(in crate::webhooks) async fn disable(
    conn: &mut Conn,
    id: Uuid,
    reason: WebhookDisabledReason,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let changed = sql("
        UPDATE webhook_endpoints SET disabled_reason = $2, disabled_at = $3 WHERE id = $1 AND disabled_at IS NULL")
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(reason.name())
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

pub(in crate::webhooks) async fn insert_secret(
    conn: &mut Conn,
    (endpoint, id): (Uuid, Uuid),
    sealed: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO webhook_secrets (id, endpoint_id, sealed, created_at) VALUES ($1, $2, $3, $4)")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(endpoint)
        .bind::<Binary, _>(sealed)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends the present secret at `until`, and those before it at once: never do more than two sign.
pub(in crate::webhooks) async fn end_secrets(
    conn: &mut Conn,
    endpoint: Uuid,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("DELETE FROM webhook_secrets WHERE endpoint_id = $1 AND ends_at IS NOT NULL")
        .bind::<SqlUuid, _>(endpoint)
        .execute(conn)
        .await?;
    sql("UPDATE webhook_secrets SET ends_at = $2 WHERE endpoint_id = $1")
        .bind::<SqlUuid, _>(endpoint)
        .bind::<Timestamptz, _>(until)
        .execute(conn)
        .await?;
    sql("DELETE FROM webhook_secrets WHERE endpoint_id = $1 AND ends_at <= $2")
        .bind::<SqlUuid, _>(endpoint)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A secret as it is kept.
#[derive(QueryableByName)]
pub(in crate::webhooks) struct SecretRow {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::webhooks) id: Uuid,
    #[diesel(sql_type = Binary)]
    pub(in crate::webhooks) sealed: Vec<u8>,
}

/// The secrets that sign now, the present one first.
pub(in crate::webhooks) async fn secrets(
    conn: &mut Conn,
    endpoint: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Vec<SecretRow>> {
    Ok(sql("SELECT id, sealed FROM webhook_secrets
             WHERE endpoint_id = $1 AND (ends_at IS NULL OR ends_at > $2) ORDER BY ends_at NULLS FIRST")
    .bind::<SqlUuid, _>(endpoint)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?)
}
