//! What this browser is to the person who lets it notify them. The page of the account switches it on and off.

use uuid::Uuid;

use crate::api::notifications;
use crate::browser::{keep, kept};

/// Under which name this browser keeps which of the methods it is.
const KEPT: &str = "ringside.push";

/// The method that is this browser, as it remembers.
#[must_use]
pub fn method() -> Option<Uuid> {
    kept(KEPT)?.parse().ok()
}

/// Remembers which method this browser is; none: none any more.
pub fn remember(method: Option<Uuid>) {
    keep(KEPT, method.map(|id| id.to_string()).as_deref());
}

/// Notifies nobody here any more: the person signs out, and somebody else may sit here next.
pub async fn forget() {
    if let Some(id) = method() {
        // Signed out without the server knowing, it is switched off by the page of the account.
        let _ = notifications::remove(id).await;
        remember(None);
    }
}
