//! Accounts. Pages sign in through `ui::session`, which remembers who it is.

use contract::Page;
use contract::accounts::{Me, Refresh, Session, SignIn, SignUp};
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::factors::SignInAnswer;
use contract::people::{AskForLetter, ChangePassword, Device, RedeemReset, UpdateMe, VerifyAddress};

use super::{Failure, to};

/// Asks for an account; a letter with its link goes to the address.
///
/// # Errors
/// [`Failure`] with `weak_password` or fields.
pub async fn sign_up(person: &SignUp, intent: &str) -> Result<Nothing, Failure> {
    to(endpoints::SIGN_UP).body(person).intent(intent).send().await
}

/// Sends the letter that proves an address once more.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn prove_again(email: String) -> Result<Nothing, Failure> {
    to(endpoints::RESEND_VERIFICATION).body(&AskForLetter { email }).intent(&super::new_intent()).send().await
}

pub(crate) async fn verify(token: String) -> Result<Session, Failure> {
    to(endpoints::VERIFY_ADDRESS).body(&VerifyAddress { token, token_in_body: false }).send().await
}

/// Asks for a letter with which a new password is chosen.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn ask_reset(email: String) -> Result<Nothing, Failure> {
    to(endpoints::ASK_RESET).body(&AskForLetter { email }).intent(&super::new_intent()).send().await
}

/// Chooses a new password by what the letter's link carries.
///
/// # Errors
/// [`Failure`] with `link_spent` or `weak_password`.
pub async fn redeem_reset(token: String, password: String) -> Result<Nothing, Failure> {
    to(endpoints::REDEEM_RESET).body(&RedeemReset { token, password }).send().await
}

/// Changes one's own password.
///
/// # Errors
/// [`Failure`] with `weak_password`, or a fault of `old_password`.
pub async fn change_password(old_password: String, password: String) -> Result<Nothing, Failure> {
    to(endpoints::CHANGE_PASSWORD).body(&ChangePassword { old_password, password }).send().await
}

/// Where the person is signed in.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn devices() -> Result<Page<Device>, Failure> {
    to(endpoints::LIST_SESSIONS).send().await
}

/// Ends one session of the person.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn end_session(id: uuid::Uuid) -> Result<Nothing, Failure> {
    to(endpoints::END_SESSION).at(&[&id.to_string()]).send().await
}

/// Ends all sessions of the person but this one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn end_other_sessions() -> Result<Nothing, Failure> {
    to(endpoints::END_SESSIONS).query("keep_current", "true").send().await
}

pub(crate) async fn update_me(wish: &UpdateMe) -> Result<Me, Failure> {
    to(endpoints::UPDATE_ME).body(wish).send().await
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
