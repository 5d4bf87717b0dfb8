//! Every statement about what is agreed to in the midst of something else.

use chrono::{DateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use platform::privacy::Accepted;
use uuid::Uuid;

/// Which of these versions are the latest of their kind.
pub(super) async fn in_force(conn: &mut Conn, policies: &[Uuid]) -> ApiResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Known {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let rows = sql("SELECT p.id FROM policies AS p WHERE p.id = ANY($1) AND NOT EXISTS (
                        SELECT FROM policies AS newer WHERE newer.kind = p.kind AND newer.version > p.version)")
    .bind::<Array<SqlUuid>, _>(policies)
    .load::<Known>(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Adds what somebody agreed to in the midst of something else.
pub(super) async fn insert_accepted(
    conn: &mut Conn,
    ids: &[Uuid],
    accepted: &Accepted<'_>,
    how: &str,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO consents (id, user_id, order_id, policy_id, given, at, ip, how)
         SELECT id, $3, $4, policy_id, true, $5, $6, $7 FROM unnest($1, $2) AS said (id, policy_id)")
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<SqlUuid>, _>(accepted.policies)
    .bind::<Nullable<SqlUuid>, _>(accepted.person_id)
    .bind::<Nullable<SqlUuid>, _>(accepted.order_id)
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Text>, _>(accepted.ip.map(|ip| ip.to_string()))
    .bind::<Text, _>(how)
    .execute(conn)
    .await?;
    Ok(())
}
