//! Every statement about links.

use chrono::{DateTime, Utc};
use db_schema::{account_links, people};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::new_id;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

/// A link to be kept.
pub(super) struct NewLink<'a> {
    pub user_id: Uuid,
    pub purpose: &'static str,
    pub token_hash: Option<&'a [u8]>,
    pub password_hash: Option<&'a str>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Holds the account until the transaction ends, so that letters to it are counted one by one.
pub(super) async fn lock(conn: &mut Conn, user_id: Uuid) -> ApiResult<()> {
    people::table.find(user_id).select(people::id).for_update().first::<Uuid>(conn).await?;
    Ok(())
}

/// How many letters of that purpose were caused after `since`, and when the last was.
pub(super) async fn lately(
    conn: &mut Conn,
    user_id: Uuid,
    purpose: &str,
    since: DateTime<Utc>,
) -> ApiResult<(i64, Option<DateTime<Utc>>)> {
    let found = account_links::table
        .filter(account_links::user_id.eq(user_id).and(account_links::purpose.eq(purpose)))
        .filter(account_links::created_at.gt(since))
        .select((count_star(), max(account_links::created_at)))
        .first(conn)
        .await?;
    Ok(found)
}

pub(super) async fn insert(conn: &mut Conn, link: &NewLink<'_>) -> ApiResult<()> {
    diesel::insert_into(account_links::table)
        .values((
            account_links::id.eq(new_id()),
            account_links::user_id.eq(link.user_id),
            account_links::purpose.eq(link.purpose),
            account_links::token_hash.eq(link.token_hash),
            account_links::password_hash.eq(link.password_hash),
            account_links::created_at.eq(link.created_at),
            account_links::expires_at.eq(link.expires_at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Uses a link up and tells whose it is, with the password that came with it. Of two who try, one succeeds.
pub(super) async fn spend(
    conn: &mut Conn,
    token_hash: &[u8],
    purpose: &str,
    now: DateTime<Utc>,
) -> ApiResult<Option<(Uuid, Option<String>)>> {
    let living = account_links::table
        .filter(account_links::token_hash.eq(token_hash).and(account_links::purpose.eq(purpose)))
        .filter(account_links::expires_at.gt(now));
    let found = diesel::update(living)
        .set(account_links::token_hash.eq(None::<Vec<u8>>))
        .returning((account_links::user_id, account_links::password_hash))
        .get_result(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Whose link it is, without using it up.
pub(crate) async fn owner(
    conn: &mut Conn,
    token_hash: &[u8],
    purpose: &str,
    now: DateTime<Utc>,
) -> ApiResult<Option<Uuid>> {
    let found = account_links::table
        .filter(account_links::token_hash.eq(token_hash).and(account_links::purpose.eq(purpose)))
        .filter(account_links::expires_at.gt(now))
        .select(account_links::user_id)
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Makes all links of that purpose good no more.
pub(super) async fn withdraw(conn: &mut Conn, user_id: Uuid, purpose: &str) -> ApiResult<()> {
    let links = account_links::table
        .filter(account_links::user_id.eq(user_id).and(account_links::purpose.eq(purpose)));
    diesel::update(links).set(account_links::token_hash.eq(None::<Vec<u8>>)).execute(conn).await?;
    Ok(())
}

/// Forgets links written before `before`.
pub(crate) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<usize> {
    let old = account_links::table.filter(account_links::created_at.lt(before));
    Ok(diesel::delete(old).execute(conn).await?)
}
