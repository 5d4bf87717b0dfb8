//! What the person was told: the notification centre.

use contract::endpoints;
use contract::notices::{MarkAllNotices, MarkNotice, Notice, UnreadCount};
use contract::page::Page;
use uuid::Uuid;

use crate::api::{Failure, to};

/// A page of notices, newest first, those after `after`; `unread`: those that are not read.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(unread: bool, limit: u32, after: &str) -> Result<Page<Notice>, Failure> {
    let unread = if unread { "true" } else { "" };
    to(endpoints::LIST_NOTICES)
        .query("unread", unread)
        .query("limit", limit.to_string())
        .query("after", after)
        .send()
        .await
}

/// How much is not read.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn count() -> Result<UnreadCount, Failure> {
    to(endpoints::COUNT_NOTICES).send().await
}

/// Marks one as read, or as not read.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn mark(id: Uuid, read: bool) -> Result<Notice, Failure> {
    to(endpoints::MARK_NOTICE).at(&[&id.to_string()]).body(&MarkNotice { read }).send().await
}

/// Marks everything as read up to one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn mark_all(up_to: Uuid) -> Result<UnreadCount, Failure> {
    to(endpoints::MARK_ALL_NOTICES).body(&MarkAllNotices { up_to }).send().await
}
