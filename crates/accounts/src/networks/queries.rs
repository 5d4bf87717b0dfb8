//! Every statement about allowed networks.

use db_schema::organisations;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

pub(crate) async fn of(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<String>> {
    let networks = organisations::table.find(org).select(organisations::allowed_networks).first(conn).await?;
    Ok(networks)
}

pub(crate) async fn set(conn: &mut Conn, org: Uuid, networks: &[String]) -> ApiResult<()> {
    diesel::update(organisations::table.find(org))
        .set(organisations::allowed_networks.eq(networks))
        .execute(conn)
        .await?;
    Ok(())
}
