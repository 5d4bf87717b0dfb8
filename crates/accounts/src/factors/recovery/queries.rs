//! Every statement about recovery codes.

use chrono::{DateTime, Utc};
use db_schema::recovery_codes as codes;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

/// Forgets all codes of a person.
pub(super) async fn forget(conn: &mut Conn, user_id: Uuid) -> ApiResult<()> {
    diesel::delete(codes::table.filter(codes::user_id.eq(user_id))).execute(conn).await?;
    Ok(())
}

pub(super) async fn insert(
    conn: &mut Conn,
    user_id: Uuid,
    hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let row = |hash| (codes::user_id.eq(user_id), codes::code_hash.eq(hash), codes::created_at.eq(now));
    let rows: Vec<_> = hashes.iter().map(row).collect();
    diesel::insert_into(codes::table).values(rows).execute(conn).await?;
    Ok(())
}

/// Uses a code; `false` when it is none of the person's or was used before.
pub(super) async fn spend(
    conn: &mut Conn,
    user_id: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let unused = codes::table.find((user_id, hash)).filter(codes::used_at.is_null());
    Ok(diesel::update(unused).set(codes::used_at.eq(now)).execute(conn).await? == 1)
}
