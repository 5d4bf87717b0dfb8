//! Every statement about tries to sign in.

use chrono::{DateTime, Utc};
use db_schema::sign_in_attempts;
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Timestamptz};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;

/// Counts a try whose time has come. Failures of more than a day ago count no more.
const CHARGE: &str = "
INSERT INTO sign_in_attempts AS tried (key, failures, next_try_at, last_tried_at) VALUES ($1, 1, $2, $2)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN tried.last_tried_at < $2 - interval '1 day' THEN 1 ELSE tried.failures + 1 END,
    next_try_at = CASE
        WHEN tried.last_tried_at < $2 - interval '1 day' OR tried.failures + 1 < $3 THEN $2
        ELSE $2 + least(interval '15 minutes', interval '5 seconds' * 2 ^ least(tried.failures + 1 - $3, 10))
    END,
    last_tried_at = $2
WHERE tried.next_try_at <= $2
RETURNING failures";

#[derive(QueryableByName)]
struct Charged {
    #[diesel(sql_type = Integer)]
    failures: i32,
}

/// How many tries there were now; `None` when it is too early for another one. The try number `free`
/// is the first that makes the next one wait.
pub(super) async fn charge(
    conn: &mut Conn,
    key: &[u8],
    free: i32,
    now: DateTime<Utc>,
) -> ApiResult<Option<i32>> {
    let rows: Vec<Charged> = sql(CHARGE)
        .bind::<Binary, _>(key)
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(free)
        .load(conn)
        .await?;
    Ok(rows.into_iter().next().map(|row| row.failures))
}

/// When the next try may be made.
pub(super) async fn next_try_at(conn: &mut Conn, key: &[u8]) -> ApiResult<Option<DateTime<Utc>>> {
    let at = sign_in_attempts::table
        .find(key)
        .select(sign_in_attempts::next_try_at)
        .first(conn)
        .await
        .optional()?;
    Ok(at)
}

/// Forgets what failed under these keys.
pub(super) async fn reset(conn: &mut Conn, keys: &[Vec<u8>]) -> ApiResult<()> {
    diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::key.eq_any(keys))).execute(conn).await?;
    Ok(())
}

/// Forgets what was tried before `before`.
pub(crate) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<usize> {
    let old = sign_in_attempts::table.filter(sign_in_attempts::last_tried_at.lt(before));
    Ok(diesel::delete(old).execute(conn).await?)
}
