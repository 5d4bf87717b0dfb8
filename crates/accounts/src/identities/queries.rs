//! Every statement about identities.

use chrono::{DateTime, Utc};
use contract::sign_on::Identity;
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

use crate::passwords::NO_PASSWORD;

#[derive(QueryableByName)]
struct IdentityRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    provider_id: Uuid,
    #[diesel(sql_type = Text)]
    provider: String,
    #[diesel(sql_type = Nullable<Text>)]
    organisation: Option<String>,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    last_used_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    only_way: bool,
}

/// The identities of a person; each says whether it is the only way they have to sign in.
pub(super) async fn list(conn: &mut Conn, user_id: Uuid) -> ApiResult<Vec<Identity>> {
    let rows: Vec<IdentityRow> = sql("
        SELECT i.id, i.provider_id, p.name AS provider, CASE WHEN o.kind <> 'platform' THEN o.name END AS organisation, i.email,
               i.created_at, i.last_used_at,
               NOT (person.password_hash <> $2 OR EXISTS (SELECT FROM passkeys AS k WHERE k.user_id = $1)
                    OR EXISTS (SELECT FROM identities AS other JOIN identity_providers AS way ON way.id = other.provider_id
                                WHERE other.user_id = $1 AND other.id <> i.id AND way.enabled)) AS only_way
          FROM identities AS i
          JOIN identity_providers AS p ON p.id = i.provider_id
          JOIN organisations AS o ON o.id = p.org_id
          JOIN people AS person ON person.id = i.user_id
         WHERE i.user_id = $1 ORDER BY i.created_at, i.id")
    .bind::<SqlUuid, _>(user_id)
    .bind::<Text, _>(NO_PASSWORD)
    .load(conn)
    .await?;
    let shown = |row: IdentityRow| Identity {
        id: row.id,
        provider_id: row.provider_id,
        provider: row.provider,
        organisation: row.organisation,
        email: row.email,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        only_way: row.only_way,
    };
    Ok(rows.into_iter().map(shown).collect())
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
}

/// Whose identity it is, noting that it was used.
pub(crate) async fn used(
    conn: &mut Conn,
    (provider, subject): (Uuid, &str),
    email: &str,
    now: DateTime<Utc>,
) -> ApiResult<Option<Uuid>> {
    let owner: Option<Owner> = sql("
        UPDATE identities SET last_used_at = $4, email = $3 WHERE provider_id = $1 AND subject = $2
        RETURNING user_id")
    .bind::<SqlUuid, _>(provider)
    .bind::<Text, _>(subject)
    .bind::<Text, _>(email)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(owner.map(|owner| owner.user_id))
}

pub(crate) async fn insert(
    conn: &mut Conn,
    id: Uuid,
    (provider, subject): (Uuid, &str),
    user_id: Uuid,
    email: &str,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("
        INSERT INTO identities (id, provider_id, subject, user_id, email, created_at, last_used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(provider)
    .bind::<Text, _>(subject)
    .bind::<SqlUuid, _>(user_id)
    .bind::<Text, _>(email)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete(conn: &mut Conn, user_id: Uuid, id: Uuid) -> ApiResult<()> {
    sql("DELETE FROM identities WHERE user_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(user_id)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(())
}
