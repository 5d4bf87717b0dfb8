//! Every statement about identity providers.

use chrono::{DateTime, Utc};
use contract::sign_on::PublicProvider;
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use serde_json::Value;
use uuid::Uuid;

/// A provider as it is kept.
#[derive(QueryableByName)]
pub(crate) struct ProviderRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) org_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) organisation: String,
    /// Whether it is the platform's, and so anybody's.
    #[diesel(sql_type = Bool)]
    pub(crate) public: bool,
    #[diesel(sql_type = Text)]
    pub(crate) kind: String,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Bool)]
    pub(crate) enabled: bool,
    #[diesel(sql_type = Bool)]
    pub(crate) jit: bool,
    #[diesel(sql_type = Bool)]
    pub(crate) required: bool,
    #[diesel(sql_type = Bool)]
    pub(crate) trusts_second_factor: bool,
    #[diesel(sql_type = Jsonb)]
    pub(crate) roles: Value,
    #[diesel(sql_type = Jsonb)]
    pub(crate) settings: Value,
    #[diesel(sql_type = Nullable<diesel::sql_types::Binary>)]
    pub(crate) secret_sealed: Option<Vec<u8>>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
}

const SELECT: &str = "
SELECT p.id, p.org_id, o.name AS organisation, o.kind = 'platform' AS public, p.kind, p.name, p.enabled, p.jit,
       p.required, p.trusts_second_factor, p.roles, p.settings, p.secret_sealed, p.created_at
  FROM identity_providers AS p JOIN organisations AS o ON o.id = p.org_id";

pub(crate) async fn list(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<ProviderRow>> {
    let query = format!("{SELECT} WHERE p.org_id = $1 ORDER BY p.created_at, p.id");
    Ok(diesel::sql_query(query).bind::<SqlUuid, _>(org).load(conn).await?)
}

pub(crate) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<ProviderRow> {
    let query = format!("{SELECT} WHERE p.org_id = $1 AND p.id = $2");
    Ok(diesel::sql_query(query).bind::<SqlUuid, _>(org).bind::<SqlUuid, _>(id).get_result(conn).await?)
}

/// One that lets people in, whosever it is.
pub(crate) async fn public_enabled(conn: &mut Conn, id: Uuid) -> ApiResult<Option<ProviderRow>> {
    let query = format!("{SELECT} WHERE p.id = $1 AND p.enabled");
    Ok(diesel::sql_query(query).bind::<SqlUuid, _>(id).get_result(conn).await.optional()?)
}

/// Whether it lets people in; if so it is not switched off before the transaction ends.
pub(crate) async fn lock_enabled(conn: &mut Conn, id: Uuid) -> ApiResult<bool> {
    let rows = sql("SELECT FROM identity_providers WHERE id = $1 AND enabled FOR SHARE")
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

/// The one by which people with addresses of the domain sign in: the required one first.
pub(crate) async fn public_of_domain(conn: &mut Conn, domain: &str) -> ApiResult<Option<ProviderRow>> {
    let query = format!(
        "{SELECT} JOIN organisation_domains AS d ON d.org_id = p.org_id
          WHERE d.domain = $1 AND d.verified_at IS NOT NULL AND p.enabled
          ORDER BY p.required DESC, p.created_at, p.id LIMIT 1"
    );
    Ok(diesel::sql_query(query).bind::<Text, _>(domain).get_result(conn).await.optional()?)
}

/// Those of the platform, by which anybody may sign in.
pub(crate) async fn public_list(conn: &mut Conn) -> ApiResult<Vec<PublicProvider>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let rows: Vec<Row> = sql("
        SELECT p.id, p.name FROM identity_providers AS p JOIN organisations AS o ON o.id = p.org_id
         WHERE o.kind = 'platform' AND p.enabled ORDER BY p.created_at, p.id")
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| PublicProvider { id: row.id, name: row.name }).collect())
}

/// Writes a new provider; false when one has its id, whosever it is.
pub(crate) async fn insert(conn: &mut Conn, row: &ProviderRow) -> ApiResult<bool> {
    let rows = sql("
        INSERT INTO identity_providers (id, org_id, kind, name, enabled, jit, required, trusts_second_factor,
                                        roles, settings, secret_sealed, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (id) DO NOTHING")
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(row.org_id)
    .bind::<Text, _>(&row.kind)
    .bind::<Text, _>(&row.name)
    .bind::<Bool, _>(row.enabled)
    .bind::<Bool, _>(row.jit)
    .bind::<Bool, _>(row.required)
    .bind::<Bool, _>(row.trusts_second_factor)
    .bind::<Jsonb, _>(&row.roles)
    .bind::<Jsonb, _>(&row.settings)
    .bind::<Nullable<diesel::sql_types::Binary>, _>(row.secret_sealed.as_deref())
    .bind::<Timestamptz, _>(row.created_at)
    .execute(conn)
    .await?;
    Ok(rows == 1)
}

/// Writes a provider that is there.
pub(crate) async fn update(conn: &mut Conn, row: &ProviderRow) -> ApiResult<()> {
    sql("
        UPDATE identity_providers SET name = $3, enabled = $4, jit = $5, required = $6, trusts_second_factor = $7,
                                      roles = $8, settings = $9, secret_sealed = $10
         WHERE id = $1 AND org_id = $2")
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(row.org_id)
    .bind::<Text, _>(&row.name)
    .bind::<Bool, _>(row.enabled)
    .bind::<Bool, _>(row.jit)
    .bind::<Bool, _>(row.required)
    .bind::<Bool, _>(row.trusts_second_factor)
    .bind::<Jsonb, _>(&row.roles)
    .bind::<Jsonb, _>(&row.settings)
    .bind::<Nullable<diesel::sql_types::Binary>, _>(row.secret_sealed.as_deref())
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets nobody in by it any more.
pub(crate) async fn switch_off(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    sql("UPDATE identity_providers SET enabled = false WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn delete(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<usize> {
    let gone = sql("DELETE FROM identity_providers WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(gone)
}

/// The same of [`is_required`], for whoever is about to begin a session: the providers stay as they are until
/// this transaction ends, so of a switch and a session one sees the other.
pub(crate) async fn must_come_by_one(conn: &mut Conn, user_id: Uuid) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        required: bool,
    }
    let rows: Vec<Row> = sql("
        SELECT p.enabled AND p.required AS required FROM people AS person
          JOIN organisation_domains AS d ON d.domain = lower(substring(person.email FROM '@([^@]*)$'))
           AND d.verified_at IS NOT NULL
          JOIN identity_providers AS p ON p.org_id = d.org_id
          JOIN members AS m ON m.org_id = d.org_id AND m.user_id = person.id AND m.role <> 'owner'
         WHERE person.id = $1 FOR SHARE OF p")
    .bind::<SqlUuid, _>(user_id)
    .load(conn)
    .await?;
    Ok(rows.iter().any(|row| row.required))
}

/// Whether the person has to sign in by a provider of theirs: a member, no owner, with an address of
/// the organisation's domains.
pub(crate) async fn is_required(conn: &mut Conn, user_id: Uuid) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        yes: bool,
    }
    let answer: Answer = sql("
        SELECT EXISTS (
            SELECT FROM people AS person
              JOIN organisation_domains AS d ON d.domain = lower(substring(person.email FROM '@([^@]*)$'))
               AND d.verified_at IS NOT NULL
              JOIN identity_providers AS p ON p.org_id = d.org_id AND p.enabled AND p.required
              JOIN members AS m ON m.org_id = d.org_id AND m.user_id = person.id AND m.role <> 'owner'
             WHERE person.id = $1) AS yes")
    .bind::<SqlUuid, _>(user_id)
    .get_result(conn)
    .await?;
    Ok(answer.yes)
}
