//! The rules of what readers want.

use contract::ErrorCode;
use contract::channels::{Channel, Topic};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use uuid::Uuid;

use super::queries::{self, Letter};
use crate::tracking::queries::{self as tracking, SaidAt};

/// Whether mail about a topic is wanted: what the person said in their account holds, else what was said for the
/// address, else the topic's own rule. What is told always is.
pub(crate) async fn wants(
    conn: &mut Conn,
    user: Option<Uuid>,
    address: &str,
    topic: Topic,
) -> ApiResult<bool> {
    if topic.always(Channel::Email) {
        return Ok(true);
    }
    let wanted_at_first = match user {
        Some(user) => match queries::preference(conn, user, topic).await? {
            Some(said) => return Ok(said),
            None => topic.wanted_at_first(Channel::Email),
        },
        // Whoever writes to somebody without an account was asked to.
        None => true,
    };
    Ok(wanted_at_first && !queries::refused(conn, address, topic).await?)
}

/// What a reader says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// No more mail of this topic.
    Stop,
    /// Mail of this topic again.
    Start,
    /// Openings and clicks may be counted, or not.
    Counting(bool),
}

impl Choice {
    /// What the audit log calls it.
    const fn action(self) -> &'static str {
        match self {
            Self::Stop => "mail.stopped",
            Self::Start => "mail.started",
            Self::Counting(true) => "mail.counting_allowed",
            Self::Counting(false) => "mail.counting_refused",
        }
    }
}

/// What holds for the reader of a letter.
#[derive(Debug)]
pub(super) struct Choices {
    pub letter: Letter,
    /// Mail of its topic comes.
    pub wanted: bool,
    /// Openings and clicks may be counted.
    pub counting: bool,
}

/// What holds now; `not_found` when the letter is kept no more.
pub(super) async fn look(conn: &mut Conn, delivery: Uuid) -> ApiResult<Choices> {
    let letter = queries::letter(conn, delivery).await?.ok_or(ErrorCode::NotFound)?;
    let wanted = wants(conn, letter.user_id, &letter.address, letter.topic).await?;
    let counting = tracking::allowed(conn, &letter.address).await?;
    Ok(Choices { letter, wanted, counting })
}

/// Does what the reader says; said twice it is the same.
pub(super) async fn choose(tx: &mut Tx<'_>, delivery: Uuid, choice: Choice) -> ApiResult<Choices> {
    let Choices { letter, .. } = look(tx, delivery).await?;
    let now = tx.now();
    tx.audit(Change::new(letter.org_id, choice.action(), delivery));
    match choice {
        Choice::Counting(allowed) => {
            tracking::allow(tx, &letter.address, allowed, SaidAt::MailPage, now).await?;
        }
        // What is told always cannot be stopped; no letter of it offers that.
        _ if letter.topic.always(Channel::Email) => return Err(ErrorCode::NotFound.into()),
        Choice::Stop => match letter.user_id {
            Some(user) => queries::prefer(tx, user, letter.topic, false).await?,
            None => {
                queries::refuse(tx, &letter.address, letter.topic, now).await?;
                // The letter went to the address alone; whoever has an account with it means that, too.
                queries::refuse_of_account(tx, &letter.address, letter.topic).await?;
            }
        },
        Choice::Start => {
            if let Some(user) = letter.user_id {
                queries::prefer(tx, user, letter.topic, true).await?;
            }
            queries::accept(tx, &letter.address, letter.topic).await?;
        }
    }
    look(tx, delivery).await
}
