//! Every statement about SAML.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Binary, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// Notes that an assertion was taken for an attempt that is open; false when it, or another one for the
/// attempt, was taken before.
pub(super) async fn take(
    conn: &mut Conn,
    (provider, assertion): (Uuid, &str),
    state_hash: &[u8],
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> ApiResult<bool> {
    let taken = sql("
        INSERT INTO saml_assertions (provider_id, assertion_id, state_hash, expires_at)
        SELECT $1, $2, $3, $5 FROM sign_on_attempts
         WHERE state_hash = $3 AND provider_id = $1 AND returned_at IS NULL AND expires_at > $4
        ON CONFLICT DO NOTHING")
    .bind::<SqlUuid, _>(provider)
    .bind::<Text, _>(assertion)
    .bind::<Binary, _>(state_hash)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(until)
    .execute(conn)
    .await?;
    Ok(taken == 1)
}

/// Forgets assertions that would be refused by their time alone.
pub(in crate::sign_on) async fn forget(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<()> {
    sql("DELETE FROM saml_assertions WHERE expires_at < $1")
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}
