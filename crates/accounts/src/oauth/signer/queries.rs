//! Every statement about the keys that sign ID tokens.

use chrono::{DateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Binary, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use domain::ids::new_id;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

#[derive(QueryableByName)]
pub(super) struct KeyRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Binary)]
    pub sealed: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// All keys, newest first.
pub(super) async fn all(conn: &mut Conn) -> ApiResult<Vec<KeyRow>> {
    Ok(sql("SELECT id, sealed, created_at FROM oauth_signing_keys ORDER BY created_at DESC, id DESC")
        .load(conn)
        .await?)
}

/// Adds the key that follows another, or the first one; a second one in the same place is left out.
pub(super) async fn insert(
    conn: &mut Conn,
    succeeds: Option<Uuid>,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("
        INSERT INTO oauth_signing_keys (id, succeeds, sealed, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT ON CONSTRAINT oauth_signing_keys_one_successor DO NOTHING")
    .bind::<SqlUuid, _>(new_id())
    .bind::<Nullable<SqlUuid>, _>(succeeds)
    .bind::<Binary, _>(sealed)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete(conn: &mut Conn, ids: &[Uuid]) -> ApiResult<()> {
    sql("DELETE FROM oauth_signing_keys WHERE id = ANY($1)")
        .bind::<Array<SqlUuid>, _>(ids)
        .execute(conn)
        .await?;
    Ok(())
}
