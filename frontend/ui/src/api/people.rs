//! Accounts. Pages sign in through `ui::session`, which remembers who it is.

use contract::accounts::{Me, Refresh, Session, SignIn, SignUp};
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::factors::SignInAnswer;

use super::{Failure, to};

pub(crate) async fn sign_up(person: &SignUp, intent: &str) -> Result<Session, Failure> {
    to(endpoints::SIGN_UP).body(person).intent(intent).send().await
}

pub(crate) async fn sign_in(credentials: &SignIn) -> Result<SignInAnswer, Failure> {
    to(endpoints::SIGN_IN).body(credentials).intent(&super::new_intent()).send().await
}

pub(crate) async fn refresh() -> Result<Session, Failure> {
    to(endpoints::REFRESH_SESSION).body(&Refresh::default()).send().await
}

pub(crate) async fn sign_out() -> Result<Nothing, Failure> {
    to(endpoints::SIGN_OUT).send().await
}

/// Who is signed in.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn me() -> Result<Me, Failure> {
    to(endpoints::GET_ME).send().await
}
