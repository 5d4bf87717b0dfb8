//! Every statement about places signed in from and wrong passwords.

use chrono::{DateTime, Utc};
use db_schema::{known_devices as devices, people, wrong_passwords as wrong};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

use super::Place;

/// The places a person signed in from since `since`.
pub(super) async fn known(conn: &mut Conn, user_id: Uuid, since: DateTime<Utc>) -> ApiResult<Vec<Place>> {
    let rows: Vec<(String, String)> = devices::table
        .filter(devices::user_id.eq(user_id).and(devices::last_seen_at.gt(since)))
        .select((devices::agent, devices::network))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, network)| Place { agent, network: Some(network) }).collect())
}

/// Remembers a place; one without a network says nothing.
pub(super) async fn remember(
    conn: &mut Conn,
    user_id: Uuid,
    place: &Place,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let Some(network) = &place.network else { return Ok(()) };
    diesel::insert_into(devices::table)
        .values((
            devices::user_id.eq(user_id),
            devices::agent.eq(&place.agent),
            devices::network.eq(network),
            devices::last_seen_at.eq(now),
        ))
        .on_conflict((devices::user_id, devices::agent, devices::network))
        .do_update()
        .set(devices::last_seen_at.eq(excluded(devices::last_seen_at)))
        .execute(conn)
        .await?;
    Ok(())
}

/// The address of a person.
pub(super) async fn address(conn: &mut Conn, user_id: Uuid) -> ApiResult<String> {
    Ok(people::table.find(user_id).select(people::email).first(conn).await?)
}

/// Notes a wrong password for an address.
pub(super) async fn note_failure(conn: &mut Conn, address_hash: &[u8], now: DateTime<Utc>) -> ApiResult<()> {
    diesel::insert_into(wrong::table)
        .values((
            wrong::id.eq(domain::ids::new_id()),
            wrong::address_hash.eq(address_hash),
            wrong::tried_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// How many wrong passwords were tried for an address since `since`.
pub(super) async fn failures(conn: &mut Conn, address_hash: &[u8], since: DateTime<Utc>) -> ApiResult<u32> {
    let tried = wrong::table.filter(wrong::address_hash.eq(address_hash).and(wrong::tried_at.gt(since)));
    let count: i64 = tried.count().get_result(conn).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Forgets the wrong passwords of an address.
pub(super) async fn forget_failures(conn: &mut Conn, address_hash: &[u8]) -> ApiResult<()> {
    diesel::delete(wrong::table.filter(wrong::address_hash.eq(address_hash))).execute(conn).await?;
    Ok(())
}

/// Forgets wrong passwords before `failures_before` and places before `places_before`.
pub(super) async fn forget(
    conn: &mut Conn,
    failures_before: DateTime<Utc>,
    places_before: DateTime<Utc>,
) -> ApiResult<()> {
    diesel::delete(wrong::table.filter(wrong::tried_at.lt(failures_before))).execute(conn).await?;
    diesel::delete(devices::table.filter(devices::last_seen_at.lt(places_before))).execute(conn).await?;
    Ok(())
}
