//! Every statement about places signed in from.

use chrono::{DateTime, Utc};
use db_schema::{known_devices as devices, people, sessions};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use domain::travel::Point;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

use super::place::Place;

/// The places a person signed in from since `since`.
pub(super) async fn known(conn: &mut Conn, user_id: Uuid, since: DateTime<Utc>) -> ApiResult<Vec<Place>> {
    let rows: Vec<(String, String)> = devices::table
        .filter(devices::user_id.eq(user_id).and(devices::last_seen_at.gt(since)))
        .select((devices::agent, devices::network))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, network)| Place { agent, network: Some(network) }).collect())
}

/// Whether the person has a session, be it over.
pub(super) async fn has_sessions(conn: &mut Conn, user_id: Uuid) -> ApiResult<bool> {
    let any = sessions::table.filter(sessions::user_id.eq(user_id));
    Ok(diesel::select(diesel::dsl::exists(any)).get_result(conn).await?)
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

/// Where the person's last used session was, and when.
pub(super) async fn last_seen(conn: &mut Conn, user_id: Uuid) -> ApiResult<Option<(Point, DateTime<Utc>)>> {
    let located = sessions::latitude.is_not_null().and(sessions::longitude.is_not_null());
    let last: Option<(f64, f64, DateTime<Utc>)> = sessions::table
        .filter(sessions::user_id.eq(user_id).and(located))
        .order(sessions::last_used_at.desc())
        .select((
            sessions::latitude.assume_not_null(),
            sessions::longitude.assume_not_null(),
            sessions::last_used_at,
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(last.map(|(latitude, longitude, at)| (Point { latitude, longitude }, at)))
}

/// Forgets places not signed in from since `before`.
pub(super) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<()> {
    diesel::delete(devices::table.filter(devices::last_seen_at.lt(before))).execute(conn).await?;
    Ok(())
}
