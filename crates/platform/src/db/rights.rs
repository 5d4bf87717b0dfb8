//! Whether what was read of somebody's rights a moment ago still holds.
//!
//! A count goes up whenever anybody's rights may have changed: before the answer to the request that
//! changed them, and, by NOTIFY from the tables themselves (migration `rights_heard`), whoever else did.
//! A process that cannot hear the tables must not remember anything.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use diesel_async::{AsyncConnection as _, SimpleAsyncConnection as _};
use futures_util::StreamExt as _;
use tokio::sync::watch;

use super::{Conn, Db};
use crate::audit::Change;

const CHANNEL: &str = "ringside_rights";

/// Counts the changes of rights.
#[derive(Default)]
pub(super) struct Epoch {
    count: watch::Sender<u64>,
    /// Whether the tables are heard.
    hears: AtomicBool,
}

impl Db {
    /// What the rights read from now on are as of: they hold while this answers the same. `None` while
    /// changes made by other processes would not be noticed.
    #[must_use]
    pub fn rights_as_of(&self) -> Option<u64> {
        let rights = &self.inner.rights;
        rights.hears.load(SeqCst).then(|| *rights.count.borrow())
    }

    /// Tells when rights may have changed, or are not heard of any more.
    #[must_use]
    pub fn rights_watch(&self) -> watch::Receiver<u64> {
        self.inner.rights.count.subscribe()
    }

    /// Rights may have changed: what was read of them counts no more.
    pub fn rights_changed(&self) {
        self.inner.rights.count.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Hears the tables, for ever; once in each process that serves.
    pub async fn hear_rights(self) {
        loop {
            if let Err(error) = self.hear().await {
                tracing::warn!(%error, "changes of rights are not heard; each request reads them");
            }
            if self.inner.rights.hears.swap(false, SeqCst) {
                self.rights_changed();
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn hear(&self) -> anyhow::Result<()> {
        let mut conn = Conn::establish(self.url()).await?;
        conn.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        // What changed while nobody listened was not heard.
        self.rights_changed();
        self.inner.rights.hears.store(true, SeqCst);
        let mut notes = std::pin::pin!(conn.notifications_stream());
        while let Some(note) = notes.next().await {
            note?;
            self.rights_changed();
        }
        Ok(())
    }
}

/// Whether changes may be about rights: all but those of the sale and the gate, and of whoever signs in or
/// stays signed in, who are many and take nothing from anybody.
pub(super) fn may_concern(changes: &[Change]) -> bool {
    const SALE: [&str; 5] = ["hold", "order", "payment", "ticket", "delivery"];
    const COMES_AND_STAYS: [&str; 3] =
        ["person.signed_in", "session.prolonged", "authorisation.tokens_issued"];
    !changes.iter().all(|change| {
        let noun = change.action.split_once('.').map_or("", |(noun, _)| noun);
        SALE.contains(&noun) || COMES_AND_STAYS.contains(&change.action.as_ref())
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_the_sale_and_staying_are_known_to_leave_rights_alone() {
        let change = |action| Change::new(None, action, Uuid::nil());
        assert!(!may_concern(&[]));
        assert!(!may_concern(&[change("order.placed"), change("payment.started")]));
        assert!(!may_concern(&[change("session.prolonged")]));
        assert!(may_concern(&[change("session.ended")]));
        assert!(may_concern(&[change("order.placed"), change("member.removed")]));
        assert!(may_concern(&[change("post.something")]));
    }
}
