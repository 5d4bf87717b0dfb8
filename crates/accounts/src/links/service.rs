//! The rules of links.

use chrono::TimeDelta;
use contract::ErrorCode;
use platform::db::Tx;
use platform::error::ApiResult;
use uuid::Uuid;

use super::queries::{self, NewLink};
use crate::tokens::OpaqueToken;

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// Proves the address; good for 24 hours.
    Verify,
    /// Chooses a new password; good for an hour, and only the newest.
    Reset,
    /// Tells that there is an account; carries nothing.
    InUse,
}

/// Letters older than this count no more; no link is good for longer.
const COUNTED: TimeDelta = TimeDelta::hours(24);
/// The wait after the first letter; each further one doubles it.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

impl Link {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Reset => "reset",
            Self::InUse => "in_use",
        }
    }

    const fn good_for(self) -> TimeDelta {
        match self {
            Self::Verify | Self::InUse => COUNTED,
            Self::Reset => TimeDelta::hours(1),
        }
    }
}

/// How long links are remembered.
pub(crate) const fn forget_after() -> TimeDelta {
    COUNTED
}

/// Makes a link to be sent to its owner; `None` when there were too many letters lately.
pub(crate) async fn issue(
    tx: &mut Tx<'_>,
    user_id: Uuid,
    link: Link,
    password_hash: Option<&str>,
) -> ApiResult<Option<OpaqueToken>> {
    let token = OpaqueToken::generate();
    if !may_write(tx, user_id, link).await? {
        return Ok(None);
    }
    if link == Link::Reset {
        queries::withdraw(tx, user_id, link.name()).await?;
    }
    keep(tx, user_id, link, Some(&token.hash()), password_hash).await?;
    Ok(Some(token))
}

/// Notes a letter without a secret; `false` when there were too many lately.
pub(crate) async fn note(tx: &mut Tx<'_>, user_id: Uuid, link: Link) -> ApiResult<bool> {
    let may = may_write(tx, user_id, link).await?;
    if may {
        keep(tx, user_id, link, None, None).await?;
    }
    Ok(may)
}

/// Uses a link up: whose it is, and the password chosen with it. `link_spent` for any other.
pub(crate) async fn redeem(tx: &mut Tx<'_>, token: &str, link: Link) -> ApiResult<(Uuid, Option<String>)> {
    let now = tx.now();
    let hash = OpaqueToken::presented(token).hash();
    queries::spend(tx, &hash, link.name(), now).await?.ok_or_else(|| ErrorCode::LinkSpent.into())
}

/// Makes the other links of that purpose good no more.
pub(crate) async fn withdraw(tx: &mut Tx<'_>, user_id: Uuid, link: Link) -> ApiResult<()> {
    queries::withdraw(tx, user_id, link.name()).await
}

async fn may_write(tx: &mut Tx<'_>, user_id: Uuid, link: Link) -> ApiResult<bool> {
    queries::lock(tx, user_id).await?;
    let now = tx.now();
    let (letters, last) = queries::lately(tx, user_id, link.name(), now - COUNTED).await?;
    Ok(last.is_none_or(|last| now >= last + wait_after(letters)))
}

async fn keep(
    tx: &mut Tx<'_>,
    user_id: Uuid,
    link: Link,
    token_hash: Option<&[u8]>,
    password_hash: Option<&str>,
) -> ApiResult<()> {
    let now = tx.now();
    let expires_at = now + link.good_for();
    let new =
        NewLink { user_id, purpose: link.name(), token_hash, password_hash, created_at: now, expires_at };
    queries::insert(tx, &new).await
}

/// How long after so many letters the next one waits: 1, 2, 4 … minutes, an hour at most.
fn wait_after(letters: i64) -> TimeDelta {
    let doublings = u32::try_from(letters - 1).unwrap_or(0).min(6);
    (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_wait_longer_each_time_up_to_an_hour() {
        let minutes = [1, 2, 3, 6, 7, 50].map(|letters| wait_after(letters).num_minutes());
        assert_eq!(minutes, [1, 2, 4, 32, 60, 60]);
    }
}
