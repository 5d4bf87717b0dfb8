//! Every statement about accounts at providers, but for those that sending needs.

use chrono::{DateTime, Utc};
use contract::channels::Channel;
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{Binary, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use serde_json::Value;
use uuid::Uuid;

use crate::channels::pace;

/// An account as it is kept.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) channel: String,
    #[diesel(sql_type = Binary)]
    pub(super) sealed: Vec<u8>,
    #[diesel(sql_type = Jsonb)]
    pub(super) shown: Value,
    #[diesel(sql_type = Integer)]
    pub(super) per_minute: i32,
    #[diesel(sql_type = Bool)]
    pub(super) enabled: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) fault: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) changed_at: DateTime<Utc>,
}

/// The accounts of an organisation, or the one of a channel.
pub(super) async fn accounts(conn: &mut Conn, org: Uuid, channel: Option<Channel>) -> ApiResult<Vec<Row>> {
    let query = sql("
        SELECT id, channel, sealed, shown, per_minute, enabled, fault, created_at, changed_at
          FROM channel_accounts WHERE org_id = $1 AND ($2 IS NULL OR channel = $2) ORDER BY channel");
    let query = query.bind::<SqlUuid, _>(org).bind::<Nullable<Text>, _>(channel.map(Channel::name));
    Ok(query.load(conn).await?)
}

/// Keeps the account of a channel as it is until the transaction ends, or that there is none: changes of one
/// organisation's accounts come one after the other.
pub(super) async fn lock(conn: &mut Conn, org: Uuid, channel: Channel) -> ApiResult<Option<Row>> {
    sql("SELECT FROM organisations WHERE id = $1 FOR NO KEY UPDATE")
        .bind::<SqlUuid, _>(org)
        .execute(conn)
        .await?;
    Ok(accounts(conn, org, Some(channel)).await?.pop())
}

/// Writes an account, a new one or one that is there.
pub(super) async fn write(conn: &mut Conn, org: Uuid, row: &Row) -> ApiResult<()> {
    sql("
        INSERT INTO channel_accounts
               (id, org_id, channel, sealed, shown, per_minute, enabled, fault, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET sealed = $4, shown = $5, per_minute = $6, enabled = $7, fault = $8,
               changed_at = $10")
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(&row.channel)
    .bind::<Binary, _>(&row.sealed)
    .bind::<Jsonb, _>(&row.shown)
    .bind::<Integer, _>(row.per_minute)
    .bind::<Bool, _>(row.enabled)
    .bind::<Nullable<Text>, _>(&row.fault)
    .bind::<Timestamptz, _>(row.created_at)
    .bind::<Timestamptz, _>(row.changed_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an account and the pace it kept.
pub(super) async fn delete(conn: &mut Conn, id: Uuid) -> ApiResult<()> {
    sql("DELETE FROM channel_accounts WHERE id = $1").bind::<SqlUuid, _>(id).execute(conn).await?;
    pace::forget(conn, &id.to_string()).await
}

/// An account, as those need it who take in what its provider reports.
#[derive(Debug)]
pub(crate) struct Reporting {
    pub id: Uuid,
    pub org_id: Uuid,
    pub channel: Channel,
    /// Settings with keys, as JSON.
    pub sealed: Vec<u8>,
}

/// The account of an id, whoever's it is, and switched off as well: what was sent before is still reported.
pub(crate) async fn reporting(conn: &mut Conn, id: Uuid) -> ApiResult<Option<Reporting>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = SqlUuid)]
        org_id: Uuid,
        #[diesel(sql_type = Text)]
        channel: String,
        #[diesel(sql_type = Binary)]
        sealed: Vec<u8>,
    }
    let query = sql("SELECT org_id, channel, sealed FROM channel_accounts WHERE id = $1");
    let found: Option<Found> = query.bind::<SqlUuid, _>(id).get_result(conn).await.optional()?;
    let Some(Found { org_id, channel, sealed }) = found else { return Ok(None) };
    let channel = Channel::from_name(&channel)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("account {id}: unknown channel {channel}")))?;
    Ok(Some(Reporting { id, org_id, channel, sealed }))
}
