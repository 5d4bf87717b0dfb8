//! Every statement about API keys, their secrets and their use.

use chrono::{DateTime, NaiveDate, Utc};
use contract::keys::{ApiKey, KeyUse};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Permissions;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use platform::uses::Uses;
use uuid::Uuid;

/// What a request with a key needs to know of it.
#[derive(QueryableByName)]
pub(crate) struct Shown {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) org_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) kind: String,
    #[diesel(sql_type = Array<Text>)]
    pub(crate) permissions: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    pub(crate) networks: Vec<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) ends_at: Option<DateTime<Utc>>,
}

/// The key of this id and secret, while both are good.
pub(crate) async fn authenticate(
    conn: &mut Conn,
    id: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<Option<Shown>> {
    let found = sql("
        SELECT key.org_id, organisation.kind, key.permissions, key.networks,
               least(key.expires_at, secret.ends_at) AS ends_at
          FROM api_key_secrets AS secret
          JOIN api_keys AS key ON key.id = secret.key_id
          JOIN organisations AS organisation ON organisation.id = key.org_id
         WHERE secret.hash = $1 AND key.id = $2 AND key.revoked_at IS NULL
           AND (key.expires_at IS NULL OR key.expires_at > $3)
           AND (secret.ends_at IS NULL OR secret.ends_at > $3)")
    .bind::<Binary, _>(hash)
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(found)
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    permissions: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    networks: Vec<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    created_by: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    revoked_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_used_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    old_secret_until: Option<DateTime<Utc>>,
}

impl From<KeyRow> for ApiKey {
    fn from(row: KeyRow) -> Self {
        let permissions = Permissions::named(row.permissions.iter().map(String::as_str));
        Self {
            id: row.id,
            name: row.name,
            permissions: permissions.iter().collect(),
            networks: row.networks,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
            old_secret_until: row.old_secret_until,
        }
    }
}

const KEYS: &str = "
SELECT key.id, key.name, key.permissions, key.networks, key.created_by, key.created_at, key.expires_at,
       key.revoked_at, key.last_used_at,
       (SELECT max(ends_at) FROM api_key_secrets WHERE key_id = key.id AND ends_at > $2) AS old_secret_until
  FROM api_keys AS key
 WHERE key.org_id = $1 AND ($3 IS NULL OR key.id = $3) AND ($4 IS NULL OR key.id < $4)
 ORDER BY key.id DESC LIMIT $5";

/// At most `limit` keys, newest first, those before `after`.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    now: DateTime<Utc>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<ApiKey>> {
    load(conn, org, now, None, after, limit).await
}

/// One key; `not_found` when the organisation has none of this id.
pub(crate) async fn find(conn: &mut Conn, org: Uuid, now: DateTime<Utc>, id: Uuid) -> ApiResult<ApiKey> {
    let found = load(conn, org, now, Some(id), None, 1).await?.pop();
    found.ok_or_else(|| contract::ErrorCode::NotFound.into())
}

async fn load(
    conn: &mut Conn,
    org: Uuid,
    now: DateTime<Utc>,
    id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<ApiKey>> {
    let rows: Vec<KeyRow> = sql(KEYS)
        .bind::<SqlUuid, _>(org)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(ApiKey::from).collect())
}

pub(crate) async fn insert(
    conn: &mut Conn,
    org: Uuid,
    key: &ApiKey,
    permissions: Vec<&'static str>,
) -> ApiResult<()> {
    sql("
        INSERT INTO api_keys (org_id, id, name, permissions, networks, created_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(key.id)
    .bind::<Text, _>(&key.name)
    .bind::<Array<Text>, _>(permissions)
    .bind::<Array<Text>, _>(&key.networks)
    .bind::<Nullable<SqlUuid>, _>(key.created_by)
    .bind::<Timestamptz, _>(key.created_at)
    .bind::<Nullable<Timestamptz>, _>(key.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert_secret(
    conn: &mut Conn,
    key: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO api_key_secrets (key_id, hash, created_at) VALUES ($1, $2, $3)")
        .bind::<SqlUuid, _>(key)
        .bind::<Binary, _>(hash)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a key as it is until the transaction ends: of two who rotate at once, one waits.
pub(crate) async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    sql("SELECT FROM api_keys WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends the present secret at `until`, and earlier ones by then at the latest; forgets those over.
pub(crate) async fn end_secrets(
    conn: &mut Conn,
    key: Uuid,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("UPDATE api_key_secrets SET ends_at = least(ends_at, $2) WHERE key_id = $1")
        .bind::<SqlUuid, _>(key)
        .bind::<Timestamptz, _>(until)
        .execute(conn)
        .await?;
    sql("DELETE FROM api_key_secrets WHERE key_id = $1 AND ends_at <= $2")
        .bind::<SqlUuid, _>(key)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Revokes a key; whether it was not revoked before. `not_found` for none of this id.
pub(crate) async fn revoke(conn: &mut Conn, org: Uuid, id: Uuid, now: DateTime<Utc>) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Was {
        #[diesel(sql_type = Bool)]
        good: bool,
    }
    let was: Was = sql("
        WITH key AS (SELECT id, revoked_at IS NULL AS good FROM api_keys WHERE org_id = $1 AND id = $2 FOR UPDATE)
        UPDATE api_keys SET revoked_at = coalesce(api_keys.revoked_at, $3)
          FROM key WHERE api_keys.id = key.id RETURNING key.good")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await?;
    Ok(was.good)
}

/// Adds uses to the days they belong to. A key that is gone is left out.
pub(crate) async fn add_uses(conn: &mut Conn, uses: &[Uses]) -> ApiResult<()> {
    sql("
        WITH used AS (
            SELECT * FROM unnest($1, $2, $3, $4) AS used (key_id, day, requests, last)
        ), seen AS (
            UPDATE api_keys SET last_used_at = greatest(last_used_at, latest.last)
              FROM (SELECT key_id, max(last) AS last FROM used GROUP BY key_id) AS latest
             WHERE api_keys.id = latest.key_id
        )
        INSERT INTO api_key_uses (key_id, day, requests)
        SELECT key_id, day, requests FROM used WHERE EXISTS (SELECT FROM api_keys WHERE id = used.key_id)
        ORDER BY key_id, day
        ON CONFLICT (key_id, day) DO UPDATE SET requests = api_key_uses.requests + EXCLUDED.requests")
    .bind::<Array<SqlUuid>, _>(uses.iter().map(|uses| uses.id).collect::<Vec<_>>())
    .bind::<Array<Date>, _>(uses.iter().map(|uses| uses.day).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(uses.iter().map(|uses| uses.count).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(uses.iter().map(|uses| uses.last).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// How often a key was used by day since `from`, oldest first.
pub(crate) async fn uses(conn: &mut Conn, key: Uuid, from: NaiveDate) -> ApiResult<Vec<KeyUse>> {
    #[derive(QueryableByName)]
    struct UseRow {
        #[diesel(sql_type = Date)]
        day: NaiveDate,
        #[diesel(sql_type = BigInt)]
        requests: i64,
    }
    let rows: Vec<UseRow> =
        sql("SELECT day, requests FROM api_key_uses WHERE key_id = $1 AND day >= $2 ORDER BY day")
            .bind::<SqlUuid, _>(key)
            .bind::<Date, _>(from)
            .load(conn)
            .await?;
    Ok(rows.into_iter().map(|row| KeyUse { day: row.day, requests: row.requests }).collect())
}
