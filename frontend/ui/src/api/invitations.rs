//! What an invitation's link leads to.

use contract::accounts::{Me, Session};
use contract::endpoints;
use contract::invitations::{InvitationToken, InvitationView, SignUpInvited};

use super::{Failure, to};

/// What it is about.
///
/// # Errors
/// [`Failure`]; with `invitation_over` it is no longer good.
pub async fn view(token: &InvitationToken) -> Result<InvitationView, Failure> {
    to(endpoints::VIEW_INVITATION).body(token).send().await
}

/// Accepts it.
///
/// # Errors
/// [`Failure`]; with `other_address` it is for somebody else.
pub async fn accept(token: &InvitationToken, intent: &str) -> Result<Me, Failure> {
    to(endpoints::ACCEPT_INVITATION).body(token).intent(intent).send().await
}

/// Opens an account for the address invited, which joins at once.
pub(crate) async fn sign_up(wish: &SignUpInvited) -> Result<Session, Failure> {
    to(endpoints::SIGN_UP_INVITED).body(wish).send().await
}
