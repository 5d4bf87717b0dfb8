//! How fast messages may leave by one account: a provider's limit holds for all processes together, so the next
//! free instant is kept in the database (the generic cell rate algorithm, as in ATM Forum TM 4.0, without burst).

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;

#[derive(diesel::QueryableByName)]
struct Slot {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

const RESERVE: &str = "
INSERT INTO sending_paces (name, next_at) VALUES ($1, $2 + make_interval(secs => $3))
ON CONFLICT (name) DO UPDATE SET next_at =
    greatest(sending_paces.next_at, $2, sending_paces.paused_until) + make_interval(secs => $3)
RETURNING next_at - make_interval(secs => $3) AS at";

/// Takes the next free instant, not before `now`, for one of `per_minute` messages a minute.
pub(crate) async fn reserve(
    conn: &mut Conn,
    name: &str,
    per_minute: i32,
    now: DateTime<Utc>,
) -> ApiResult<DateTime<Utc>> {
    let slot: Slot = sql(RESERVE)
        .bind::<Text, _>(name)
        .bind::<Timestamptz, _>(now)
        .bind::<diesel::sql_types::Double, _>(60.0 / f64::from(per_minute.max(1)))
        .get_result(conn)
        .await?;
    Ok(slot.at)
}

/// Until when the other side wants to be left alone, when that is still to come.
pub(crate) async fn paused(
    conn: &mut Conn,
    name: &str,
    now: DateTime<Utc>,
) -> ApiResult<Option<DateTime<Utc>>> {
    let query = sql("SELECT paused_until AS at FROM sending_paces WHERE name = $1 AND paused_until > $2");
    let found: Vec<Slot> = query.bind::<Text, _>(name).bind::<Timestamptz, _>(now).load(conn).await?;
    Ok(found.into_iter().next().map(|slot| slot.at))
}

/// Begins anew: nothing is reserved, and nobody asked for a pause.
pub(crate) async fn forget(conn: &mut Conn, name: &str) -> ApiResult<()> {
    sql("DELETE FROM sending_paces WHERE name = $1").bind::<Text, _>(name).execute(conn).await?;
    Ok(())
}

/// The longest pause a provider may ask for.
pub(crate) const LONGEST: TimeDelta = TimeDelta::hours(6);

/// Leaves the other side alone for a while; a longer pause that is noted already stays.
pub(crate) async fn pause(
    conn: &mut Conn,
    name: &str,
    wanted: TimeDelta,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let until = now + wanted.clamp(TimeDelta::seconds(1), LONGEST);
    sql("INSERT INTO sending_paces (name, next_at, paused_until) VALUES ($1, $2, $2)
         ON CONFLICT (name) DO UPDATE SET paused_until = greatest(sending_paces.paused_until, $2)")
    .bind::<Text, _>(name)
    .bind::<Nullable<Timestamptz>, _>(Some(until))
    .execute(conn)
    .await?;
    Ok(())
}
