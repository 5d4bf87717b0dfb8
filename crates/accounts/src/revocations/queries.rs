//! Every statement about denied tokens; whether one is denied is asked in `authenticate`.

use chrono::{DateTime, Utc};
use db_schema::denied_tokens;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

/// Denies a token until it would have ended.
pub(super) async fn deny(conn: &mut Conn, jti: Uuid, expires_at: DateTime<Utc>) -> ApiResult<()> {
    diesel::insert_into(denied_tokens::table)
        .values((denied_tokens::jti.eq(jti), denied_tokens::expires_at.eq(expires_at)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets tokens that have ended by themselves.
pub(crate) async fn forget(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<usize> {
    Ok(diesel::delete(denied_tokens::table.filter(denied_tokens::expires_at.lt(now))).execute(conn).await?)
}
