//! Every statement about rooms, but for those that sending needs.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

use crate::channels::pace;

/// A room as it is kept.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) channel: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Array<Text>)]
    pub(super) topics: Vec<String>,
    #[diesel(sql_type = Binary)]
    pub(super) sealed: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub(super) shown: String,
    #[diesel(sql_type = Bool)]
    pub(super) enabled: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) fault: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) changed_at: DateTime<Utc>,
}

/// At most `limit` rooms, newest first, those before `after`.
pub(super) async fn list(
    conn: &mut Conn,
    org: Uuid,
    (after, limit): (Option<Uuid>, i64),
) -> ApiResult<Vec<Row>> {
    let query = sql("
        SELECT id, channel, name, topics, sealed, shown, enabled, fault, created_at, changed_at
          FROM destinations WHERE org_id = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3");
    let query = query.bind::<SqlUuid, _>(org).bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(limit);
    Ok(query.load(conn).await?)
}

/// One room, kept as it is until the transaction ends; `not_found` when the organisation has none of this id.
pub(super) async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Row> {
    let query = sql("
        SELECT id, channel, name, topics, sealed, shown, enabled, fault, created_at, changed_at
          FROM destinations WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE");
    let found: Vec<Row> = query.bind::<SqlUuid, _>(org).bind::<SqlUuid, _>(id).load(conn).await?;
    found.into_iter().next().ok_or_else(|| ErrorCode::NotFound.into())
}

/// Writes a room, a new one or one that is there.
pub(super) async fn write(conn: &mut Conn, org: Uuid, row: &Row) -> ApiResult<()> {
    sql("
        INSERT INTO destinations
               (id, org_id, channel, name, topics, sealed, shown, enabled, fault, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO UPDATE SET name = $4, topics = $5, sealed = $6, shown = $7, enabled = $8, fault = $9,
               changed_at = $11")
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(&row.channel)
    .bind::<Text, _>(&row.name)
    .bind::<Array<Text>, _>(&row.topics)
    .bind::<Binary, _>(&row.sealed)
    .bind::<Text, _>(&row.shown)
    .bind::<Bool, _>(row.enabled)
    .bind::<Nullable<Text>, _>(&row.fault)
    .bind::<Timestamptz, _>(row.created_at)
    .bind::<Timestamptz, _>(row.changed_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a room and the pace it kept.
pub(super) async fn delete(conn: &mut Conn, id: Uuid) -> ApiResult<()> {
    sql("DELETE FROM destinations WHERE id = $1").bind::<SqlUuid, _>(id).execute(conn).await?;
    pace::forget(conn, &id.to_string()).await
}
