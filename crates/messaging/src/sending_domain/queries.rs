//! Every statement about sending domains.

use chrono::{DateTime, Utc};
use contract::sending::{DnsRecord, WriteSendingDomain};
use db_schema::{dkim_keys, sending_domains};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

use super::dkim::NewKey;

#[derive(Queryable, Selectable)]
#[diesel(table_name = sending_domains)]
pub(super) struct DomainRow {
    pub address: String,
    pub sender_name: String,
    pub checked_at: Option<DateTime<Utc>>,
    pub findings: Option<serde_json::Value>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = dkim_keys)]
pub(super) struct KeyRow {
    pub id: Uuid,
    pub selector: String,
    pub sealed: Vec<u8>,
    pub public_key: String,
    pub proven: bool,
}

/// The organisation's address.
pub(super) async fn find(conn: &mut Conn, org: Uuid) -> ApiResult<Option<DomainRow>> {
    let rows = sending_domains::table.find(org).select(DomainRow::as_select());
    Ok(rows.first(conn).await.optional()?)
}

/// The same, held until the transaction ends.
pub(super) async fn lock(conn: &mut Conn, org: Uuid) -> ApiResult<Option<DomainRow>> {
    let rows = sending_domains::table.find(org).select(DomainRow::as_select());
    Ok(rows.for_update().first(conn).await.optional()?)
}

/// Its keys, the newest first.
pub(super) async fn keys(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<KeyRow>> {
    let rows = dkim_keys::table.filter(dkim_keys::org_id.eq(org)).order(dkim_keys::id.desc());
    Ok(rows.select(KeyRow::as_select()).load(conn).await?)
}

/// The newest key that may sign, of the organisation.
pub(super) async fn signing_key(conn: &mut Conn, org: Uuid) -> ApiResult<Option<KeyRow>> {
    let rows = dkim_keys::table.filter(dkim_keys::org_id.eq(org).and(dkim_keys::proven));
    Ok(rows.order(dkim_keys::id.desc()).select(KeyRow::as_select()).first(conn).await.optional()?)
}

/// The organisation that runs Ringside.
pub(super) async fn platform(conn: &mut Conn) -> ApiResult<Option<Uuid>> {
    use db_schema::organisations;
    let rows = organisations::table.filter(organisations::kind.eq("platform"));
    Ok(rows.select(organisations::id).first(conn).await.optional()?)
}

/// All organisations that have an address.
pub(super) async fn all(conn: &mut Conn) -> ApiResult<Vec<Uuid>> {
    Ok(sending_domains::table.select(sending_domains::org_id).load(conn).await?)
}

/// Writes the address, in place of the one before.
pub(super) async fn write(
    conn: &mut Conn,
    org: Uuid,
    wish: &WriteSendingDomain,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    diesel::insert_into(sending_domains::table)
        .values((
            sending_domains::org_id.eq(org),
            sending_domains::address.eq(&wish.address),
            sending_domains::sender_name.eq(wish.name.trim()),
            sending_domains::created_at.eq(now),
        ))
        .on_conflict(sending_domains::org_id)
        .do_update()
        .set((sending_domains::address.eq(&wish.address), sending_domains::sender_name.eq(wish.name.trim())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps what DNS said; `None` forgets it.
pub(super) async fn set_findings(
    conn: &mut Conn,
    org: Uuid,
    findings: Option<(&[DnsRecord], DateTime<Utc>)>,
) -> ApiResult<()> {
    let records = findings.map(|(records, _)| serde_json::to_value(records)).transpose()?;
    diesel::update(sending_domains::table.find(org))
        .set((
            sending_domains::findings.eq(records),
            sending_domains::checked_at.eq(findings.map(|(_, now)| now)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds a key that is not proven yet.
pub(super) async fn add_key(conn: &mut Conn, org: Uuid, key: &NewKey, now: DateTime<Utc>) -> ApiResult<()> {
    let id = ids::new_id();
    // The end of a UUIDv7 is random; a selector need only differ from those before it.
    let selector = format!("rs{}", &id.simple().to_string()[24..]);
    diesel::insert_into(dkim_keys::table)
        .values((
            dkim_keys::id.eq(id),
            dkim_keys::org_id.eq(org),
            dkim_keys::selector.eq(selector),
            dkim_keys::sealed.eq(&key.sealed),
            dkim_keys::public_key.eq(&key.public),
            dkim_keys::created_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether a key may sign.
pub(super) async fn prove_key(conn: &mut Conn, id: Uuid, proven: bool) -> ApiResult<()> {
    diesel::update(dkim_keys::table.find(id)).set(dkim_keys::proven.eq(proven)).execute(conn).await?;
    Ok(())
}

/// Takes keys away.
pub(super) async fn drop_keys(conn: &mut Conn, ids: &[Uuid]) -> ApiResult<()> {
    diesel::delete(dkim_keys::table.filter(dkim_keys::id.eq_any(ids))).execute(conn).await?;
    Ok(())
}

/// Takes the address away, with its keys; tells whether there was one.
pub(super) async fn remove(conn: &mut Conn, org: Uuid) -> ApiResult<bool> {
    Ok(diesel::delete(sending_domains::table.find(org)).execute(conn).await? == 1)
}
