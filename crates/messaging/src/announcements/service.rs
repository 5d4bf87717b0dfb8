//! The rules of announcements.

use contract::notices::{Announce, Announcement};
use contract::{ErrorCode, Page};
use domain::{Fact, Role, ids};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use platform::http::{Paged, next_page};
use uuid::Uuid;

use super::queries;

/// An announcement that is being told.
#[derive(Debug)]
pub struct Waiting {
    /// Its first line.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub author: Option<Uuid>,
    /// Who hears it, by role; none: everybody.
    pub roles: Vec<Role>,
}

/// Writes one; the reaction to its fact tells it.
pub(super) async fn announce(
    tx: &mut Tx<'_>,
    org: Uuid,
    author: Option<Uuid>,
    wish: &Announce,
) -> ApiResult<Announcement> {
    let (id, now) = (ids::new_id(), tx.now());
    queries::insert(tx, (org, id, author), wish, now).await?;
    tx.emit(org, Fact::AnnouncementMade { announcement_id: id }).await?;
    tx.audit(Change::new(Some(org), "announcement.made", id).after(wish));
    get(tx, org, id).await
}

/// One, and how far it has got.
pub(super) async fn get(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Announcement> {
    let found = queries::select(conn, org, Some(id), None, 1).await?;
    found.into_iter().next().ok_or_else(|| ErrorCode::NotFound.into())
}

/// A page of them, newest first.
pub(super) async fn list(conn: &mut Conn, org: Uuid, paged: &Paged) -> ApiResult<Page<Announcement>> {
    let rows = queries::select(conn, org, None, paged.position()?, paged.fetch()).await?;
    next_page(paged, rows, |row| row.id)
}

/// An announcement that not all have been told yet.
///
/// # Errors
/// The database.
pub async fn waiting(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Option<Waiting>> {
    let Some(said) = queries::waiting(conn, org, id).await? else { return Ok(None) };
    let roles = queries::roles_named(&said.roles)?;
    Ok(Some(Waiting { title: said.title, text: said.body, author: said.author_id, roles }))
}

/// Notes how many are to be told.
///
/// # Errors
/// The database.
pub async fn counted(tx: &mut Tx<'_>, id: Uuid, total: i32) -> ApiResult<()> {
    queries::set_total(tx, id, total).await
}

/// Notes that so many more were told; `done`: these were the last.
///
/// # Errors
/// The database.
pub async fn told(tx: &mut Tx<'_>, org: Uuid, id: Uuid, more: i32, done: bool) -> ApiResult<()> {
    let done_at = done.then(|| tx.now());
    queries::add_told(tx, id, more, done_at).await?;
    tx.emit(org, Fact::AnnouncementMoved { announcement_id: id }).await
}
