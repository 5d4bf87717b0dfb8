//! Demo data: a stadium, two promoters, their fight nights and sales, and a person in each role.
//! Filled once and in one transaction; everything in it is plainly made up.

mod arena;
mod nights;
mod people;
mod rights;
mod sales;
mod stadium;

use accounts::Passwords;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use platform::db::{Tx, sql};
use platform::error::ApiResult;
use platform::state::App;

pub use people::{PASSWORD, SIGN_INS};

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// Fills the demo data unless it is there; whether it was filled now.
///
/// # Errors
/// When the database refuses; nothing is kept then.
pub async fn fill(app: &App, passwords: &Passwords) -> anyhow::Result<bool> {
    if app.db.read(async |conn| is_filled(conn).await).await? {
        return Ok(false);
    }
    let hash = passwords.hash(PASSWORD, &[]).await?;
    Ok(app.db.write(async |tx| fill_once(tx, &hash).await).await?)
}

async fn fill_once(tx: &mut Tx<'_>, password_hash: &str) -> ApiResult<bool> {
    // Two servers that start at once: the second waits here and then finds everything done.
    sql("SELECT pg_advisory_xact_lock(hashtext('ringside demo data'))").execute(tx).await?;
    if is_filled(tx).await? {
        return Ok(false);
    }
    let cast = people::insert(tx, password_hash).await?;
    let stadium = stadium::insert(tx, &cast).await?;
    for night in nights::programme(tx.now()) {
        let event = nights::insert(tx, &cast, &stadium, &night).await?;
        sales::insert(tx, &cast, &stadium, &night, &event).await?;
    }
    rights::insert(tx, &cast).await?;
    Ok(true)
}

async fn is_filled(conn: &mut platform::db::Conn) -> ApiResult<bool> {
    let answer: Answer = sql("SELECT EXISTS (SELECT FROM organisations WHERE slug = 'demo-platform') AS yes")
        .get_result(conn)
        .await?;
    Ok(answer.yes)
}
