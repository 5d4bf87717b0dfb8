//! What the organisation tells those who work for it.

use contract::endpoints;
use contract::notices::{Announce, Announcement};
use contract::page::Page;

use crate::api::{Failure, to};

/// A page of announcements, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(after: &str) -> Result<Page<Announcement>, Failure> {
    to(endpoints::LIST_ANNOUNCEMENTS).query("after", after).send().await
}

/// Announces something.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn announce(wish: &Announce, intent: &str) -> Result<Announcement, Failure> {
    to(endpoints::ANNOUNCE).body(wish).intent(intent).send().await
}
