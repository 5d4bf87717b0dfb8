//! Second factors, and the questions that ask for them.

use contract::accounts::Session;
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::factors::{
    AboutChallenge, AddPasskey, AnswerChallenge, Challenge, ConfirmTotp, Confirmation, Factors, Passkey,
    PasskeyEnrolment, PasskeySignIn, Proof, ProveIdentity, RecoveryCodes, RenamePasskey, SignInPolicy,
    TotpEnrolment,
};
use serde_json::Value;
use uuid::Uuid;

use super::{Failure, to};
use crate::session;

/// A question put to the person at this screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Signing in goes on when it is answered.
    SignIn(Challenge),
    /// The session is confirmed when it is answered.
    Confirmation(Uuid),
}

impl Question {
    /// Has a code mailed.
    ///
    /// # Errors
    /// [`Failure`], like every call.
    pub async fn mail(&self) -> Result<(), Failure> {
        let sent = match self {
            Self::SignIn(challenge) => {
                let about = AboutChallenge { secret: challenge.secret.clone() };
                to(endpoints::MAIL_CHALLENGE_CODE).at(&[&challenge.id.to_string()]).body(&about).send().await
            }
            Self::Confirmation(id) => {
                to(endpoints::MAIL_CONFIRMATION_CODE).at(&[&id.to_string()]).send().await
            }
        };
        sent.map(|_: Nothing| ())
    }

    /// What a passkey has to sign.
    ///
    /// # Errors
    /// [`Failure`], like every call.
    pub async fn passkey(&self) -> Result<Value, Failure> {
        let asked = match self {
            Self::SignIn(challenge) => {
                let about = AboutChallenge { secret: challenge.secret.clone() };
                let call = to(endpoints::BEGIN_CHALLENGE_PASSKEY).at(&[&challenge.id.to_string()]);
                call.body(&about).send().await?
            }
            Self::Confirmation(id) => {
                to(endpoints::BEGIN_CONFIRMATION_PASSKEY).at(&[&id.to_string()]).send().await?
            }
        };
        Ok(asked.options)
    }

    /// Answers it; signing in goes on.
    ///
    /// # Errors
    /// [`Failure`] with `wrong_proof` or `challenge_over`.
    pub async fn answer(&self, proof: Proof) -> Result<(), Failure> {
        match self {
            Self::SignIn(challenge) => {
                session::go_on(answer(challenge, proof).await?);
            }
            Self::Confirmation(id) => {
                let call = to(endpoints::PROVE_IDENTITY).at(&[&id.to_string()]);
                call.body(&ProveIdentity { proof }).send().await?;
            }
        }
        Ok(())
    }
}

async fn answer(challenge: &Challenge, proof: Proof) -> Result<Session, Failure> {
    let answer = AnswerChallenge { secret: challenge.secret.clone(), proof, token_in_body: false };
    to(endpoints::ANSWER_CHALLENGE).at(&[&challenge.id.to_string()]).body(&answer).send().await
}

/// Begins to sign in by a passkey alone.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn begin_passkey_sign_in() -> Result<PasskeySignIn, Failure> {
    to(endpoints::BEGIN_PASSKEY_SIGN_IN).send().await
}

/// Begins to prove once more who one is.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn start_confirmation() -> Result<Confirmation, Failure> {
    to(endpoints::START_CONFIRMATION).send().await
}

/// What the person has.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn get() -> Result<Factors, Failure> {
    to(endpoints::GET_FACTORS).send().await
}

/// Begins to add an authenticator app.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn start_totp() -> Result<TotpEnrolment, Failure> {
    to(endpoints::START_TOTP).send().await
}

/// Adds it by its first code.
///
/// # Errors
/// [`Failure`] with `wrong_proof`.
pub async fn confirm_totp(code: String) -> Result<RecoveryCodes, Failure> {
    to(endpoints::CONFIRM_TOTP).body(&ConfirmTotp { code }).send().await
}

/// Removes it.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove_totp() -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_TOTP).send().await
}

/// Makes new recovery codes.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn renew_recovery_codes() -> Result<RecoveryCodes, Failure> {
    to(endpoints::RENEW_RECOVERY_CODES).send().await
}

/// Begins to add a passkey.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn start_passkey() -> Result<PasskeyEnrolment, Failure> {
    to(endpoints::START_PASSKEY).send().await
}

/// Adds what the browser made.
///
/// # Errors
/// [`Failure`] with `passkey_known` or `challenge_over`.
pub async fn add_passkey(passkey: &AddPasskey, intent: &str) -> Result<Passkey, Failure> {
    to(endpoints::ADD_PASSKEY).body(passkey).intent(intent).send().await
}

/// Calls a passkey by another name.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn rename_passkey(id: Uuid, name: String) -> Result<Passkey, Failure> {
    to(endpoints::RENAME_PASSKEY).at(&[&id.to_string()]).body(&RenamePasskey { name }).send().await
}

/// Removes a passkey.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove_passkey(id: Uuid) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_PASSKEY).at(&[&id.to_string()]).send().await
}

/// How the organisation's members have to sign in.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn policy() -> Result<SignInPolicy, Failure> {
    to(endpoints::GET_SIGN_IN_POLICY).send().await
}

/// Changes how the organisation's members have to sign in.
///
/// # Errors
/// [`Failure`] with `second_factor_required` for somebody who has none.
pub async fn change_policy(policy: &SignInPolicy) -> Result<SignInPolicy, Failure> {
    to(endpoints::CHANGE_SIGN_IN_POLICY).body(policy).send().await
}
