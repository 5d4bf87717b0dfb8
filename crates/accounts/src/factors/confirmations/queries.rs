//! Every statement about confirmed sessions.

use chrono::{DateTime, Utc};
use db_schema::sessions;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

/// The person of this session has just proved who they are.
pub(super) async fn confirm(conn: &mut Conn, session_id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    diesel::update(sessions::table.find(session_id))
        .set(sessions::confirmed_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}
