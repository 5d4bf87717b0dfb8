//! Every statement about codes and tokens.

use chrono::{DateTime, Utc};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// An authorisation, as it is when a code or token of it is shown.
#[derive(QueryableByName)]
pub(super) struct Family {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub client_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub user_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub org_id: Option<Uuid>,
    #[diesel(sql_type = Array<Text>)]
    pub scopes: Vec<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub auth_time: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub nonce: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub redirect_uri: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub challenge: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub code_expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub code_used_at: Option<DateTime<Utc>>,
    /// Not revoked, and the session it hangs on goes on.
    #[diesel(sql_type = Bool)]
    pub good: bool,
    /// Whether the session it was given from goes on.
    #[diesel(sql_type = Bool)]
    pub in_session: bool,
}

/// The authorisation of a code; of two who show it at once, one waits.
pub(super) async fn of_code(conn: &mut Conn, hash: &[u8], now: DateTime<Utc>) -> ApiResult<Option<Family>> {
    let found = sql("
        SELECT a.id, a.client_id, a.user_id, a.org_id, a.scopes, a.auth_time, a.nonce, a.redirect_uri, a.challenge,
               a.code_expires_at, a.code_used_at, a.revoked_at IS NULL AS good, EXISTS (
               SELECT FROM sessions WHERE id = a.session_id AND ended_at IS NULL AND expires_at > $2) AS in_session
          FROM oauth_authorisations AS a WHERE a.code_hash = $1 FOR NO KEY UPDATE OF a")
    .bind::<Binary, _>(hash)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(found)
}

pub(super) async fn use_code(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    sql("UPDATE oauth_authorisations SET code_used_at = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends an authorisation with all its tokens.
pub(super) async fn revoke(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    sql("UPDATE oauth_authorisations SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A token that was shown.
#[derive(QueryableByName)]
pub(super) struct Shown {
    #[diesel(embed)]
    pub family: Family,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Array<Text>)]
    pub token_scopes: Vec<String>,
    #[diesel(sql_type = Timestamptz)]
    pub token_created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub token_expires_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub spent: bool,
}

impl Shown {
    /// Whether it opens anything now.
    pub(super) fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.family.good && !self.spent && self.token_expires_at > now
    }
}

/// A token by its hash, good or not; of two who show it at once, one waits.
pub(super) async fn shown(conn: &mut Conn, hash: &[u8], now: DateTime<Utc>) -> ApiResult<Option<Shown>> {
    let found = sql("
        SELECT a.id, a.client_id, a.user_id, a.org_id, a.scopes, a.auth_time, a.nonce, a.redirect_uri, a.challenge,
               a.code_expires_at, a.code_used_at, alive.session AS in_session,
               a.revoked_at IS NULL AND (a.user_id IS NULL OR 'offline_access' = ANY(a.scopes) OR alive.session) AS good,
               token.kind, token.scopes AS token_scopes, token.created_at AS token_created_at,
               token.expires_at AS token_expires_at, token.spent_at IS NOT NULL AS spent
          FROM oauth_tokens AS token
          JOIN oauth_authorisations AS a ON a.id = token.authorisation_id
          CROSS JOIN LATERAL (SELECT EXISTS (
               SELECT FROM sessions WHERE id = a.session_id AND ended_at IS NULL AND expires_at > $2) AS session) AS alive
         WHERE token.hash = $1 FOR NO KEY UPDATE OF token, a")
    .bind::<Binary, _>(hash)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(found)
}

pub(super) async fn spend(conn: &mut Conn, hash: &[u8], now: DateTime<Utc>) -> ApiResult<()> {
    sql("UPDATE oauth_tokens SET spent_at = coalesce(spent_at, $2) WHERE hash = $1")
        .bind::<Binary, _>(hash)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Begins the family of an application that acts for itself.
pub(super) async fn insert_own(
    conn: &mut Conn,
    id: Uuid,
    (client, org): (Uuid, Uuid),
    scopes: &[String],
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO oauth_authorisations (id, client_id, org_id, scopes, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(client)
        .bind::<SqlUuid, _>(org)
        .bind::<Array<Text>, _>(scopes)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A token about to be kept.
pub(super) struct NewToken<'a> {
    pub hash: &'a [u8],
    pub family: Uuid,
    pub kind: &'static str,
    pub scopes: &'a [String],
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn insert(conn: &mut Conn, new: &NewToken<'_>, now: DateTime<Utc>) -> ApiResult<()> {
    sql("
        INSERT INTO oauth_tokens (hash, authorisation_id, kind, scopes, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)")
    .bind::<Binary, _>(new.hash)
    .bind::<SqlUuid, _>(new.family)
    .bind::<Text, _>(new.kind)
    .bind::<Array<Text>, _>(new.scopes)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(new.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Who somebody is, as tokens and `userinfo` tell it.
#[derive(QueryableByName)]
pub(super) struct Face {
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub locale: String,
    #[diesel(sql_type = Bool)]
    pub verified: bool,
}

pub(super) async fn face(conn: &mut Conn, user: Uuid) -> ApiResult<Face> {
    let query =
        sql("SELECT email, name, locale, verified_at IS NOT NULL AS verified FROM people WHERE id = $1");
    Ok(query.bind::<SqlUuid, _>(user).get_result(conn).await?)
}

/// The scopes of an authorisation.
pub(super) async fn scopes_of(conn: &mut Conn, id: Uuid) -> ApiResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Array<Text>)]
        scopes: Vec<String>,
    }
    let row: Row = sql("SELECT scopes FROM oauth_authorisations WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await?;
    Ok(row.scopes)
}

/// Forgets tokens that ended before, and authorisations of which nothing is left.
pub(super) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<()> {
    sql("DELETE FROM oauth_tokens WHERE expires_at < $1")
        .bind::<Timestamptz, _>(before)
        .execute(conn)
        .await?;
    sql("
        DELETE FROM oauth_authorisations AS a WHERE a.created_at < $1
           AND NOT EXISTS (SELECT FROM oauth_tokens WHERE authorisation_id = a.id)")
    .bind::<Timestamptz, _>(before)
    .execute(conn)
    .await?;
    Ok(())
}
