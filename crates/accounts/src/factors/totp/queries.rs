//! Every statement about authenticator apps.

use chrono::{DateTime, Utc};
use db_schema::totp_secrets as totp;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// Keeps a secret that does not count yet, in place of an earlier one like it; `false` when one counts.
pub(super) async fn offer(
    conn: &mut Conn,
    user_id: Uuid,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let kept = sql("
        INSERT INTO totp_secrets (user_id, sealed, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET sealed = EXCLUDED.sealed, created_at = EXCLUDED.created_at
        WHERE totp_secrets.confirmed_at IS NULL")
    .bind::<SqlUuid, _>(user_id)
    .bind::<Binary, _>(sealed)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(kept == 1)
}

/// The sealed secret, one that counts or one that does not yet.
pub(super) async fn sealed(conn: &mut Conn, user_id: Uuid, counts: bool) -> ApiResult<Option<Vec<u8>>> {
    let found = totp::table
        .find(user_id)
        .filter(totp::confirmed_at.is_not_null().eq(counts))
        .select(totp::sealed)
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Makes an offered secret count, its first code spent; `false` when it is another one by now.
pub(super) async fn confirm(
    conn: &mut Conn,
    user_id: Uuid,
    sealed: &[u8],
    step: i64,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let offered = totp::table.find(user_id).filter(totp::confirmed_at.is_null().and(totp::sealed.eq(sealed)));
    let made = diesel::update(offered)
        .set((totp::confirmed_at.eq(now), totp::last_step.eq(step)))
        .execute(conn)
        .await?;
    Ok(made == 1)
}

/// Spends the code of a step; `false` when it, or a later one, was spent before.
pub(super) async fn spend(conn: &mut Conn, user_id: Uuid, step: i64) -> ApiResult<bool> {
    let unspent =
        totp::table.find(user_id).filter(totp::confirmed_at.is_not_null().and(totp::last_step.lt(step)));
    let spent = diesel::update(unspent).set(totp::last_step.eq(step)).execute(conn).await?;
    Ok(spent == 1)
}

/// Forgets the secret; `false` when there was none that counts.
pub(super) async fn remove(conn: &mut Conn, user_id: Uuid) -> ApiResult<bool> {
    let counting = totp::table.find(user_id).filter(totp::confirmed_at.is_not_null());
    Ok(diesel::delete(counting).execute(conn).await? == 1)
}
