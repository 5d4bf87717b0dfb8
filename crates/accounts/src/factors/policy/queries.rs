//! Every statement about how members sign in.

use db_schema::organisations;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

pub(super) async fn requires_second_factor(conn: &mut Conn, org: Uuid) -> ApiResult<bool> {
    let required =
        organisations::table.find(org).select(organisations::requires_second_factor).first(conn).await?;
    Ok(required)
}

pub(super) async fn require_second_factor(conn: &mut Conn, org: Uuid, required: bool) -> ApiResult<()> {
    diesel::update(organisations::table.find(org))
        .set(organisations::requires_second_factor.eq(required))
        .execute(conn)
        .await?;
    Ok(())
}
