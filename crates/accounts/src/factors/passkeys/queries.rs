//! Every statement about passkeys.

use chrono::{DateTime, Utc};
use contract::factors::Passkey;
use db_schema::{factor_challenges as challenges, passkeys};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use serde_json::Value;
use uuid::Uuid;

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = passkeys, check_for_backend(diesel::pg::Pg))]
pub(in crate::factors) struct PasskeyRow {
    pub(super) id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) name: String,
    pub(super) credential_id: Vec<u8>,
    pub(super) credential: Value,
    pub(super) sign_count: i64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_used_at: Option<DateTime<Utc>>,
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self { id: row.id, name: row.name, created_at: row.created_at, last_used_at: row.last_used_at }
    }
}

/// A person's passkeys, oldest first.
pub(in crate::factors) async fn list(conn: &mut Conn, user_id: Uuid) -> ApiResult<Vec<PasskeyRow>> {
    let rows = passkeys::table
        .filter(passkeys::user_id.eq(user_id))
        .order(passkeys::id)
        .select(PasskeyRow::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// The passkey an authenticator calls so, if it is this person's.
pub(super) async fn of_credential(
    conn: &mut Conn,
    user_id: Uuid,
    credential_id: &[u8],
) -> ApiResult<Option<PasskeyRow>> {
    let row = passkeys::table
        .filter(passkeys::user_id.eq(user_id).and(passkeys::credential_id.eq(credential_id)))
        .select(PasskeyRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row)
}

/// Whether somebody has a passkey of that name.
pub(super) async fn is_known(conn: &mut Conn, credential_id: &[u8]) -> ApiResult<bool> {
    let known = passkeys::table.filter(passkeys::credential_id.eq(credential_id));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn).await?)
}

pub(super) async fn insert(conn: &mut Conn, row: &PasskeyRow) -> ApiResult<()> {
    diesel::insert_into(passkeys::table).values(row).execute(conn).await?;
    Ok(())
}

/// Notes a use, with what changed of the key. `false` when the count is not beyond the last one: of two
/// copies of a key one is refused. Zero means that the key does not count.
pub(super) async fn used(
    conn: &mut Conn,
    id: Uuid,
    credential: &Value,
    sign_count: i64,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let forward = passkeys::sign_count
        .lt(sign_count)
        .or(passkeys::sign_count.eq(0).and(passkeys::sign_count.eq(sign_count)));
    let noted = diesel::update(passkeys::table.find(id).filter(forward))
        .set((
            passkeys::credential.eq(credential),
            passkeys::sign_count.eq(sign_count),
            passkeys::last_used_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(noted == 1)
}

/// Takes the state of an enrolment, which is good for one answer of its own session.
pub(super) async fn take_enrolment(
    conn: &mut Conn,
    id: Uuid,
    session_id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<Value>> {
    let own = challenges::table
        .find(id)
        .filter(challenges::session_id.eq(session_id))
        .filter(challenges::purpose.eq("add_passkey"))
        .filter(challenges::expires_at.gt(now));
    let state: Option<Option<Value>> =
        diesel::delete(own).returning(challenges::passkey).get_result(conn).await.optional()?;
    Ok(state.flatten())
}

/// Calls a person's passkey by another name.
pub(super) async fn rename(conn: &mut Conn, user_id: Uuid, id: Uuid, name: &str) -> ApiResult<Passkey> {
    let own = passkeys::table.find(id).filter(passkeys::user_id.eq(user_id));
    let row: PasskeyRow = diesel::update(own)
        .set(passkeys::name.eq(name))
        .returning(PasskeyRow::as_returning())
        .get_result(conn)
        .await?;
    Ok(row.into())
}

/// Removes a person's passkey; `false` when there is none.
pub(super) async fn remove(conn: &mut Conn, user_id: Uuid, id: Uuid) -> ApiResult<bool> {
    let own = passkeys::table.find(id).filter(passkeys::user_id.eq(user_id));
    Ok(diesel::delete(own).execute(conn).await? == 1)
}
