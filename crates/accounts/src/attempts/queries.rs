//! Every statement about tries to sign in.

use chrono::{DateTime, Utc};
use db_schema::sign_in_attempts;
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Integer, Timestamptz};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;

/// Counts a try whose time has come: as a failure and as a wrong password, until it was a right one.
/// Failures of more than a day ago count no more, wrong passwords not after an hour without any. Who came
/// before is never later: of tries at once, and of servers whose clocks differ a little, none waits for that.
const CHARGE: &str = "
INSERT INTO sign_in_attempts AS tried (key, failures, wrong, next_try_at, last_tried_at) VALUES ($1, 1, 1, $2, $2)
ON CONFLICT (key) DO UPDATE SET
    wrong = CASE WHEN tried.last_tried_at <= $2 - interval '1 hour' THEN 1 ELSE tried.wrong + 1 END,
    failures = CASE WHEN tried.last_tried_at < $2 - interval '1 day' THEN 1 ELSE tried.failures + 1 END,
    next_try_at = CASE
        WHEN tried.last_tried_at < $2 - interval '1 day' OR tried.failures + 1 < $3
        THEN greatest($2, tried.last_tried_at)
        ELSE greatest($2, tried.last_tried_at) + least(interval '15 minutes', interval '5 seconds' * 2 ^ least(tried.failures + 1 - $3, 10))
    END,
    last_tried_at = greatest($2, tried.last_tried_at)
WHERE tried.next_try_at <= greatest($2, tried.last_tried_at)
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

/// Lets the next try under `freed` come at once, and takes back the one counted under `counted`.
pub(super) async fn free(conn: &mut Conn, freed: &[Vec<u8>], counted: &[Vec<u8>]) -> ApiResult<()> {
    sql("UPDATE sign_in_attempts SET failures = 0, next_try_at = last_tried_at,
                wrong = greatest(wrong - (key = ANY($2))::int, 0)
         WHERE key = ANY($1)")
    .bind::<Array<Binary>, _>(freed)
    .bind::<Array<Binary>, _>(counted)
    .execute(conn)
    .await?;
    Ok(())
}

/// How many wrong ones there were in a row, when the last try was after `since`.
pub(super) async fn wrong(conn: &mut Conn, key: &[u8], since: DateTime<Utc>) -> ApiResult<i32> {
    let lately = sign_in_attempts::table.find(key).filter(sign_in_attempts::last_tried_at.gt(since));
    Ok(lately.select(sign_in_attempts::wrong).first(conn).await.optional()?.unwrap_or(0))
}

/// Forgets what was tried under the key.
pub(super) async fn reset(conn: &mut Conn, key: &[u8]) -> ApiResult<()> {
    diesel::delete(sign_in_attempts::table.find(key)).execute(conn).await?;
    Ok(())
}

/// Forgets what was tried before `before`.
pub(crate) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<usize> {
    let old = sign_in_attempts::table.filter(sign_in_attempts::last_tried_at.lt(before));
    Ok(diesel::delete(old).execute(conn).await?)
}
