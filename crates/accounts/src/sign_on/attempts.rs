//! Attempts: one way to a provider and back. Every statement about them.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Binary, Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// How long the way may take.
pub(crate) const LASTS: TimeDelta = TimeDelta::minutes(10);
/// How long the browser may take from coming back to its session.
const FINISHES: TimeDelta = TimeDelta::minutes(2);

pub(crate) struct NewAttempt<'a> {
    pub(crate) state_hash: &'a [u8],
    pub(crate) browser_hash: &'a [u8],
    pub(crate) provider: Uuid,
    /// Whose account gets the identity; none: somebody signs in.
    pub(crate) linking: Option<Uuid>,
}

pub(crate) async fn insert(conn: &mut Conn, attempt: &NewAttempt<'_>, now: DateTime<Utc>) -> ApiResult<()> {
    sql("
        INSERT INTO sign_on_attempts (state_hash, browser_hash, provider_id, linking, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)")
    .bind::<Binary, _>(attempt.state_hash)
    .bind::<Binary, _>(attempt.browser_hash)
    .bind::<SqlUuid, _>(attempt.provider)
    .bind::<Nullable<SqlUuid>, _>(attempt.linking)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(now + LASTS)
    .execute(conn)
    .await?;
    Ok(())
}

/// An attempt that has just come back.
#[derive(QueryableByName)]
pub(crate) struct Returned {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) provider_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) linking: Option<Uuid>,
}

/// Takes an attempt that came back, once, in the browser it began in: else whoever sends another person to a
/// provider on an attempt of their own would come in as them.
pub(crate) async fn take(
    conn: &mut Conn,
    state_hash: &[u8],
    browser_hash: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<Option<Returned>> {
    let taken = sql("
        UPDATE sign_on_attempts SET returned_at = $3
         WHERE state_hash = $1 AND browser_hash = $2 AND returned_at IS NULL AND expires_at > $3
        RETURNING provider_id, linking")
    .bind::<Binary, _>(state_hash)
    .bind::<Binary, _>(browser_hash)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(taken)
}

/// Notes who came.
pub(crate) async fn arrived(
    conn: &mut Conn,
    state_hash: &[u8],
    user_id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("UPDATE sign_on_attempts SET arrived = $2, arrived_at = $3 WHERE state_hash = $1")
        .bind::<Binary, _>(state_hash)
        .bind::<SqlUuid, _>(user_id)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose session begins, and whether their provider's second factor counts.
#[derive(QueryableByName)]
pub(crate) struct Finished {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) user_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) provider_id: Uuid,
    /// The organisation that is content with its provider's second factor.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) trusting: Option<Uuid>,
    /// Whether another organisation of theirs asks for a second factor of their own.
    #[diesel(sql_type = Bool)]
    pub(crate) asked_elsewhere: bool,
}

/// Ends the attempt whose cookie the browser shows; once.
pub(crate) async fn finish(
    conn: &mut Conn,
    browser_hash: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<Option<Finished>> {
    let finished = sql("
        WITH done AS (
            DELETE FROM sign_on_attempts
             WHERE browser_hash = $1 AND arrived IS NOT NULL AND linking IS NULL AND arrived_at > $2
            RETURNING arrived, provider_id)
        SELECT done.arrived AS user_id, done.provider_id, CASE WHEN p.trusts_second_factor THEN p.org_id END AS trusting,
               EXISTS (SELECT FROM members AS m JOIN organisations AS o ON o.id = m.org_id
                        WHERE m.user_id = done.arrived AND o.requires_second_factor AND o.id <> p.org_id)
                   AS asked_elsewhere
          FROM done JOIN identity_providers AS p ON p.id = done.provider_id AND p.enabled")
    .bind::<Binary, _>(browser_hash)
    .bind::<Timestamptz, _>(now - FINISHES)
    .get_result(conn)
    .await
    .optional()?;
    Ok(finished)
}

/// Forgets attempts that ran out.
pub(crate) async fn forget(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<()> {
    sql("DELETE FROM sign_on_attempts WHERE expires_at < $1 - interval '10 minutes'")
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}
