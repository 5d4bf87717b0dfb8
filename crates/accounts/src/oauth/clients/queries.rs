//! Every statement about applications and their secrets.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use contract::oauth::{ClientGrant, ClientKind, OauthClient, UpdateOauthClient};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

#[derive(QueryableByName)]
struct ClientRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    confidential: bool,
    #[diesel(sql_type = Array<Text>)]
    redirect_uris: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    grants: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    scopes: Vec<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    created_by: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    old_secret_until: Option<DateTime<Utc>>,
}

impl From<ClientRow> for OauthClient {
    fn from(row: ClientRow) -> Self {
        let named = |grant: &ClientGrant| row.grants.iter().any(|name| name == grant.name());
        Self {
            id: row.id,
            name: row.name,
            kind: if row.confidential { ClientKind::Confidential } else { ClientKind::Public },
            grants: ClientGrant::ALL.into_iter().filter(named).collect(),
            redirect_uris: row.redirect_uris,
            scopes: row.scopes,
            created_by: row.created_by,
            created_at: row.created_at,
            old_secret_until: row.old_secret_until,
        }
    }
}

const CLIENTS: &str = "
SELECT client.id, client.name, client.confidential, client.redirect_uris, client.grants, client.scopes,
       client.created_by, client.created_at,
       (SELECT max(ends_at) FROM oauth_client_secrets WHERE client_id = client.id AND ends_at > $2) AS old_secret_until
  FROM oauth_clients AS client
 WHERE client.org_id = $1 AND ($3 IS NULL OR client.id = $3) AND ($4 IS NULL OR client.id < $4)
 ORDER BY client.id DESC LIMIT $5";

async fn load(
    conn: &mut Conn,
    (org, now): (Uuid, DateTime<Utc>),
    id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<OauthClient>> {
    let rows: Vec<ClientRow> = sql(CLIENTS)
        .bind::<SqlUuid, _>(org)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(OauthClient::from).collect())
}

/// At most `limit` applications, newest first, those before `after`.
pub(super) async fn list(
    conn: &mut Conn,
    org: Uuid,
    now: DateTime<Utc>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<OauthClient>> {
    load(conn, (org, now), None, after, limit).await
}

/// One application; `not_found` when the organisation has none of this id.
pub(super) async fn find(conn: &mut Conn, org: Uuid, now: DateTime<Utc>, id: Uuid) -> ApiResult<OauthClient> {
    let found = load(conn, (org, now), Some(id), None, 1).await?.pop();
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

/// An application of any organisation, and the name of that: for people whom it sends.
pub(in crate::oauth) async fn sent_by(
    conn: &mut Conn,
    id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<(OauthClient, String)>> {
    #[derive(QueryableByName)]
    struct Owner {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let owner: Option<Owner> = sql("
        SELECT o.id, o.name FROM oauth_clients AS client JOIN organisations AS o ON o.id = client.org_id
         WHERE client.id = $1")
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()?;
    let Some(owner) = owner else { return Ok(None) };
    Ok(Some((find(conn, owner.id, now, id).await?, owner.name)))
}

fn names(grants: &[ClientGrant]) -> Vec<&'static str> {
    grants.iter().map(|grant| grant.name()).collect()
}

pub(super) async fn insert(conn: &mut Conn, org: Uuid, client: &OauthClient) -> ApiResult<()> {
    sql("
        INSERT INTO oauth_clients (id, org_id, name, confidential, redirect_uris, grants, scopes, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind::<SqlUuid, _>(client.id)
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(&client.name)
    .bind::<Bool, _>(client.kind == ClientKind::Confidential)
    .bind::<Array<Text>, _>(&client.redirect_uris)
    .bind::<Array<Text>, _>(names(&client.grants))
    .bind::<Array<Text>, _>(&client.scopes)
    .bind::<Nullable<SqlUuid>, _>(client.created_by)
    .bind::<Timestamptz, _>(client.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn update(conn: &mut Conn, org: Uuid, id: Uuid, wish: &UpdateOauthClient) -> ApiResult<()> {
    sql("
        UPDATE oauth_clients SET name = $3, redirect_uris = $4, grants = $5, scopes = $6
         WHERE org_id = $1 AND id = $2")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(wish.name.trim())
    .bind::<Array<Text>, _>(&wish.redirect_uris)
    .bind::<Array<Text>, _>(names(&wish.grants))
    .bind::<Array<Text>, _>(&wish.scopes)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends an application, its secrets, consents and tokens; whether there was one.
pub(super) async fn delete(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<bool> {
    let rows = sql("DELETE FROM oauth_clients WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(rows > 0)
}

/// Keeps an application as it is until the transaction ends: of two who rotate at once, one waits.
pub(super) async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    sql("SELECT FROM oauth_clients WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_secret(
    conn: &mut Conn,
    client: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO oauth_client_secrets (client_id, hash, created_at) VALUES ($1, $2, $3)")
        .bind::<SqlUuid, _>(client)
        .bind::<Binary, _>(hash)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends the present secret at `until`, and earlier ones by then at the latest; forgets those over.
pub(super) async fn end_secrets(
    conn: &mut Conn,
    client: Uuid,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("UPDATE oauth_client_secrets SET ends_at = least(ends_at, $2) WHERE client_id = $1")
        .bind::<SqlUuid, _>(client)
        .bind::<Timestamptz, _>(until)
        .execute(conn)
        .await?;
    sql("DELETE FROM oauth_client_secrets WHERE client_id = $1 AND ends_at <= $2")
        .bind::<SqlUuid, _>(client)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// What the token endpoint knows of who asks.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::oauth) struct Asking {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = Bool)]
    pub confidential: bool,
    #[diesel(sql_type = Array<Text>)]
    pub grants: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    pub scopes: Vec<String>,
}

/// The application of this id that has this secret, or none and needs none.
pub(in crate::oauth) async fn asking(
    conn: &mut Conn,
    id: Uuid,
    secret: Option<&[u8]>,
    now: DateTime<Utc>,
) -> ApiResult<Option<Asking>> {
    let found = sql("
        SELECT client.id, client.org_id, client.confidential, client.grants, client.scopes
          FROM oauth_clients AS client
         WHERE client.id = $1 AND CASE WHEN client.confidential THEN EXISTS (
               SELECT FROM oauth_client_secrets WHERE client_id = client.id AND hash = $2
                   AND (ends_at IS NULL OR ends_at > $3)) ELSE $2 IS NULL END")
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Binary>, _>(secret)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(found)
}
