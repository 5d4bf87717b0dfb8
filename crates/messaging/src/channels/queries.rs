//! Accounts, rooms and contact methods, as sending needs them.

use contract::channels::Channel;
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{Binary, Bool, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// An organisation's account at a provider.
#[derive(Debug, QueryableByName)]
pub(crate) struct AccountRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Binary)]
    pub sealed: Vec<u8>,
    #[diesel(sql_type = Integer)]
    pub per_minute: i32,
}

/// What an account's settings are sealed for. Also in `platform::keys::SEALED`, as those below.
pub(crate) fn account_purpose(id: Uuid) -> String {
    format!("channel account {id}")
}

/// What a room's address is sealed for.
pub(crate) fn destination_purpose(id: Uuid) -> String {
    format!("destination {id}")
}

/// What a person's address is sealed for.
pub(crate) fn method_purpose(id: Uuid) -> String {
    format!("contact method {id}")
}

/// What the address is sealed for that a test goes to.
pub(crate) fn typed_purpose(delivery: Uuid) -> String {
    format!("typed address {delivery}")
}

/// The account an organisation sends by; none: there is none, or it is switched off.
pub(crate) async fn account(conn: &mut Conn, org: Uuid, channel: Channel) -> ApiResult<Option<AccountRow>> {
    let query = sql("SELECT id, sealed, per_minute FROM channel_accounts
                      WHERE org_id = $1 AND channel = $2 AND enabled");
    Ok(query.bind::<SqlUuid, _>(org).bind::<Text, _>(channel.name()).get_result(conn).await.optional()?)
}

/// Notes what a provider says of an account; none: it took a message.
pub(crate) async fn note_account(conn: &mut Conn, id: Uuid, fault: Option<&str>) -> ApiResult<()> {
    sql("UPDATE channel_accounts SET fault = $2 WHERE id = $1 AND fault IS DISTINCT FROM $2")
        .bind::<SqlUuid, _>(id)
        .bind::<diesel::sql_types::Nullable<Text>, _>(fault)
        .execute(conn)
        .await?;
    Ok(())
}

/// Where something is sent to, sealed, and whether that still leads somewhere.
#[derive(Debug, QueryableByName)]
pub(crate) struct AddressRow {
    #[diesel(sql_type = Binary)]
    pub sealed: Vec<u8>,
    #[diesel(sql_type = Bool)]
    pub open: bool,
}

/// A person's address; none: they have taken it away.
pub(crate) async fn method(conn: &mut Conn, id: Uuid) -> ApiResult<Option<AddressRow>> {
    let query = sql("SELECT sealed, gone_at IS NULL AS open FROM contact_methods WHERE id = $1");
    Ok(query.bind::<SqlUuid, _>(id).get_result(conn).await.optional()?)
}

/// A room's address; none: it was taken away.
pub(crate) async fn destination(conn: &mut Conn, id: Uuid) -> ApiResult<Option<AddressRow>> {
    let query = sql("SELECT sealed, enabled AS open FROM destinations WHERE id = $1");
    Ok(query.bind::<SqlUuid, _>(id).get_result(conn).await.optional()?)
}

/// A person's address leads nowhere any more. One that has been renewed since it was `sealed` stays.
pub(crate) async fn gone(
    conn: &mut Conn,
    id: Uuid,
    sealed: Option<&[u8]>,
    now: chrono::DateTime<chrono::Utc>,
) -> ApiResult<()> {
    sql("UPDATE contact_methods SET gone_at = $2 WHERE id = $1 AND gone_at IS NULL AND ($3 IS NULL OR sealed = $3)")
        .bind::<SqlUuid, _>(id)
        .bind::<diesel::sql_types::Timestamptz, _>(now)
        .bind::<diesel::sql_types::Nullable<Binary>, _>(sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes what the other side says of a room; `closed`: nothing more is sent there. One whose address was changed
/// since it was `sealed` stays as it is.
pub(crate) async fn note_destination(
    conn: &mut Conn,
    (id, sealed): (Uuid, Option<&[u8]>),
    fault: Option<&str>,
    closed: bool,
) -> ApiResult<()> {
    sql("UPDATE destinations SET fault = $2, enabled = enabled AND NOT $3
          WHERE id = $1 AND (fault IS DISTINCT FROM $2 OR $3) AND ($4 IS NULL OR sealed = $4)")
    .bind::<SqlUuid, _>(id)
    .bind::<diesel::sql_types::Nullable<Text>, _>(fault)
    .bind::<Bool, _>(closed)
    .bind::<diesel::sql_types::Nullable<Binary>, _>(sealed)
    .execute(conn)
    .await?;
    Ok(())
}

/// The key by which push services know us, sealed.
pub(crate) async fn vapid_key(conn: &mut Conn) -> ApiResult<Option<Vec<u8>>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Binary)]
        sealed: Vec<u8>,
    }
    let found: Option<Row> = sql("SELECT sealed FROM vapid_keys").get_result(conn).await.optional()?;
    Ok(found.map(|row| row.sealed))
}

/// Keeps that key, unless there is one.
pub(crate) async fn keep_vapid_key(
    conn: &mut Conn,
    sealed: &[u8],
    now: chrono::DateTime<chrono::Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO vapid_keys (id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (one) DO NOTHING")
        .bind::<SqlUuid, _>(domain::ids::new_id())
        .bind::<Binary, _>(sealed)
        .bind::<diesel::sql_types::Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}
