//! Invitations of the organisation.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::invitations::{Invitation, Invite};
use contract::page::Page;

use crate::api::{Failure, to};

/// Invitations that have not been accepted.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<Invitation>, Failure> {
    to(endpoints::LIST_INVITATIONS).query("limit", "200").send().await
}

/// Invites somebody by mail.
///
/// # Errors
/// [`Failure`]; with `already_invited` or `already_member`.
pub async fn invite(wish: &Invite, intent: &str) -> Result<Invitation, Failure> {
    to(endpoints::INVITE).body(wish).intent(intent).send().await
}

/// Mails it again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn resend(id: &str) -> Result<Invitation, Failure> {
    to(endpoints::RESEND_INVITATION).at(&[id]).send().await
}

/// Takes it back.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn withdraw(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::WITHDRAW_INVITATION).at(&[id]).send().await
}
