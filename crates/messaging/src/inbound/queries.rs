//! Every statement about inbound webhooks.

use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use contract::inbound::InboundEvent;
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, Tx, sql};
use platform::error::ApiResult;
use platform::privacy::older_than;
use serde_json::Value;
use uuid::Uuid;

use super::mapping::Found;

/// So many refusals of a source are kept an hour: a stranger fills no table.
const MOST_REFUSED: i64 = 100;

/// A source.
#[derive(QueryableByName)]
pub(super) struct SourceRow {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) org_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Jsonb)]
    pub(super) signature: Value,
    #[diesel(sql_type = Jsonb)]
    pub(super) mapping: Value,
    #[diesel(sql_type = Binary)]
    pub(super) secret_sealed: Vec<u8>,
    #[diesel(sql_type = Bool)]
    pub(super) enabled: bool,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
}

/// At most `limit` sources of an organisation, newest first, those before `after`.
pub(super) async fn sources(
    conn: &mut Conn,
    org: Uuid,
    id: Option<Uuid>,
    (after, limit): (Option<Uuid>, i64),
) -> ApiResult<Vec<SourceRow>> {
    Ok(sql(
        "
        SELECT id, org_id, name, signature, mapping, secret_sealed, enabled, created_at FROM inbound_sources
         WHERE org_id = $1 AND ($2 IS NULL OR id = $2) AND ($3 IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
    )
    .bind::<SqlUuid, _>(org)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?)
}

/// The source of that id, whosever it is: to whoever can sign as it does.
pub(super) async fn public_source(conn: &mut Conn, id: Uuid) -> ApiResult<Option<SourceRow>> {
    Ok(sql("SELECT id, org_id, name, signature, mapping, secret_sealed, enabled, created_at
              FROM inbound_sources WHERE id = $1")
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()?)
}

/// One source, kept as it is until the transaction ends; `not_found` for none of this id.
pub(super) async fn lock_source(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<SourceRow> {
    let found = sql("SELECT id, org_id, name, signature, mapping, secret_sealed, enabled, created_at
                       FROM inbound_sources WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()?;
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Writes a source, a new one or one that is there.
pub(super) async fn write_source(conn: &mut Conn, row: &SourceRow) -> ApiResult<()> {
    sql("
        INSERT INTO inbound_sources (id, org_id, name, signature, mapping, secret_sealed, enabled, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET name = $3, signature = $4, mapping = $5, secret_sealed = $6, enabled = $7")
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(row.org_id)
    .bind::<Text, _>(&row.name)
    .bind::<Jsonb, _>(&row.signature)
    .bind::<Jsonb, _>(&row.mapping)
    .bind::<Binary, _>(&row.secret_sealed)
    .bind::<Bool, _>(row.enabled)
    .bind::<Timestamptz, _>(row.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a source with all it sent.
pub(super) async fn delete_source(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    sql("DELETE FROM inbound_sources WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// A message to be kept.
pub(super) struct NewEvent<'a> {
    pub(super) id: Uuid,
    pub(super) org_id: Uuid,
    pub(super) source_id: Uuid,
    pub(super) refused: Option<&'a str>,
    pub(super) body: String,
    pub(super) body_sha256: String,
}

/// Keeps a message unless its source has sent it before; its id, or that of the one before, and whether it is new.
pub(super) async fn insert_taken(
    tx: &mut Tx<'_>,
    event: &NewEvent<'_>,
    found: &Found,
) -> ApiResult<(Uuid, bool)> {
    #[derive(QueryableByName)]
    struct Kept {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let seen = sql("SELECT event_id AS id FROM inbound_seen
                     WHERE source_id = $1 AND digest = sha256(convert_to($2, 'UTF8'))");
    let seen: Vec<Kept> = seen
        .bind::<SqlUuid, _>(event.source_id)
        .bind::<Nullable<Text>, _>(found.idempotency_key.as_deref())
        .load(tx)
        .await?;
    if let Some(Kept { id }) = seen.into_iter().next() {
        return Ok((id, false));
    }
    let now = tx.now();
    // The update changes nothing and gives the row that is there, also one that was written this very moment.
    let kept: Kept = sql("
        INSERT INTO inbound_events (id, org_id, source_id, received_at, idempotency_key, event_type, subject, body,
               body_sha256)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (source_id, idempotency_key) WHERE refused IS NULL
        DO UPDATE SET idempotency_key = EXCLUDED.idempotency_key RETURNING id")
    .bind::<SqlUuid, _>(event.id)
    .bind::<SqlUuid, _>(event.org_id)
    .bind::<SqlUuid, _>(event.source_id)
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Text>, _>(found.idempotency_key.as_deref())
    .bind::<Text, _>(&found.event_type)
    .bind::<Nullable<Text>, _>(found.subject.as_deref())
    .bind::<Text, _>(&event.body)
    .bind::<Text, _>(&event.body_sha256)
    .get_result(tx)
    .await?;
    Ok((kept.id, kept.id == event.id))
}

/// Keeps a refusal, while there are not too many of its source.
pub(super) async fn insert_refused(tx: &mut Tx<'_>, event: &NewEvent<'_>) -> ApiResult<()> {
    let now = tx.now();
    sql("
        INSERT INTO inbound_events (id, org_id, source_id, received_at, refused, body, body_sha256)
        SELECT $1, $2, $3, $4, $5, $6, $7
         WHERE (SELECT count(*) FROM inbound_events
                 WHERE source_id = $3 AND refused IS NOT NULL AND received_at > $8) < $9")
    .bind::<SqlUuid, _>(event.id)
    .bind::<SqlUuid, _>(event.org_id)
    .bind::<SqlUuid, _>(event.source_id)
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Text>, _>(event.refused)
    .bind::<Text, _>(&event.body)
    .bind::<Text, _>(&event.body_sha256)
    .bind::<Timestamptz, _>(now - TimeDelta::hours(1))
    .bind::<BigInt, _>(MOST_REFUSED)
    .execute(tx)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    source_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    received_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    refused: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    event_type: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    subject: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    idempotency_key: Option<String>,
    #[diesel(sql_type = Integer)]
    replays: i32,
}

impl From<EventRow> for InboundEvent {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id,
            source_id: row.source_id,
            received_at: row.received_at,
            refused: row.refused,
            event_type: row.event_type,
            subject: row.subject,
            idempotency_key: row.idempotency_key,
            replays: row.replays,
        }
    }
}

/// Which messages are meant.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Filter {
    pub(super) id: Option<Uuid>,
    pub(super) source: Option<Uuid>,
    pub(super) refused: Option<bool>,
    /// Older than this one.
    pub(super) after: Option<Uuid>,
}

/// At most `limit` messages, newest first.
pub(super) async fn events(
    conn: &mut Conn,
    org: Uuid,
    filter: Filter,
    limit: i64,
) -> ApiResult<Vec<InboundEvent>> {
    let rows: Vec<EventRow> = sql("
        SELECT id, source_id, received_at, refused, event_type, subject, idempotency_key, replays
          FROM inbound_events
         WHERE org_id = $1 AND ($2 IS NULL OR id = $2) AND ($3 IS NULL OR source_id = $3)
           AND ($4 IS NULL OR (refused IS NOT NULL) = $4) AND ($5 IS NULL OR id < $5)
         ORDER BY id DESC LIMIT $6")
    .bind::<SqlUuid, _>(org)
    .bind::<Nullable<SqlUuid>, _>(filter.id)
    .bind::<Nullable<SqlUuid>, _>(filter.source)
    .bind::<Nullable<Bool>, _>(filter.refused)
    .bind::<Nullable<SqlUuid>, _>(filter.after)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(InboundEvent::from).collect())
}

/// One message; `not_found` when the organisation has none of this id.
pub(super) async fn event(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<InboundEvent> {
    let found = events(conn, org, Filter { id: Some(id), ..Filter::default() }, 1).await?.pop();
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

/// The body of a message, and its digest.
pub(super) async fn body(conn: &mut Conn, id: Uuid) -> ApiResult<(String, String)> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        body: String,
        #[diesel(sql_type = Text)]
        body_sha256: String,
    }
    let row: Row = sql("SELECT body, body_sha256 FROM inbound_events WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await?;
    Ok((row.body, row.body_sha256))
}

/// Counts that a message was taken in again.
pub(super) async fn count_replay(conn: &mut Conn, id: Uuid) -> ApiResult<()> {
    sql("UPDATE inbound_events SET replays = replays + 1 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what came before.
pub(crate) async fn forget(tx: &mut Tx<'_>, before: DateTime<Utc>) -> ApiResult<usize> {
    // That it was taken is not forgotten.
    older_than(
        tx,
        "WITH kept AS (INSERT INTO inbound_seen (source_id, digest, event_id)
                       SELECT source_id, sha256(convert_to(idempotency_key, 'UTF8')), id FROM inbound_events
                        WHERE received_at < $1 AND refused IS NULL ON CONFLICT DO NOTHING)
         DELETE FROM inbound_events WHERE received_at < $1",
        before,
    )
    .await
}
