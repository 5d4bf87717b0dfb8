//! The rules of questions and their answers.

use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use contract::factors::{Challenge, Proof};
use domain::ids::new_id;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Access, Guard};
use serde_json::Value;
use uuid::Uuid;

use super::code;
use super::queries::{self, Holder, NewChallenge, Question};
use crate::Accounts;
use crate::factors::{passkeys, recovery, totp};
use crate::risk::Place;
use crate::tokens::RefreshToken;
use crate::{identity_providers, people};

/// How many answers may be tried for one person in an hour, over all questions: a code of six digits
/// is not found by asking for one question after the other.
const TRIES_AN_HOUR: i64 = 30;

/// What a question is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::factors) enum Purpose {
    /// The second half of signing in.
    SignIn,
    /// Signing in by a passkey alone.
    PasskeySignIn,
    /// Proving once more who one is.
    Confirm,
    /// Making a passkey; answered by adding it.
    AddPasskey,
}

impl Purpose {
    pub(in crate::factors) const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::PasskeySignIn => "passkey_sign_in",
            Self::Confirm => "confirm",
            Self::AddPasskey => "add_passkey",
        }
    }

    /// How long it waits for its answer.
    const fn lasts(self) -> TimeDelta {
        match self {
            Self::SignIn | Self::PasskeySignIn => TimeDelta::minutes(5),
            Self::Confirm | Self::AddPasskey => TimeDelta::minutes(10),
        }
    }
}

impl Holder {
    /// Whoever presents the secret.
    pub(in crate::factors) fn of_secret(secret: &str) -> Self {
        Self { secret_hash: Some(RefreshToken::presented(secret).hash()), session_id: None }
    }

    /// Whoever acts in the session.
    pub(in crate::factors) const fn of_session(session_id: Uuid) -> Self {
        Self { secret_hash: None, session_id: Some(session_id) }
    }
}

/// A question that was just put.
pub(in crate::factors) struct Put {
    pub(in crate::factors) challenge: Challenge,
    pub(in crate::factors) expires_at: DateTime<Utc>,
}

/// Puts a question; to the session when there is one, else to whoever gets the secret.
pub(in crate::factors) async fn put(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    user_id: Option<Uuid>,
    session_id: Option<Uuid>,
    place: &Place,
    passkey: Option<Value>,
) -> ApiResult<Put> {
    let secret = RefreshToken::generate();
    let now = tx.now();
    let row = NewChallenge {
        id: new_id(),
        purpose: purpose.name(),
        user_id,
        secret_hash: session_id.is_none().then(|| secret.hash()),
        session_id,
        agent: &place.agent,
        network: place.network.as_deref(),
        passkey,
        created_at: now,
        expires_at: now + purpose.lasts(),
    };
    queries::insert(tx, &row).await?;
    let challenge = Challenge { id: row.id, secret: secret.reveal().to_owned() };
    Ok(Put { challenge, expires_at: row.expires_at })
}

/// Who answered rightly; `then` is done in the transaction that spends the proof. `challenge_over` when
/// the question cannot be answered any more, `wrong_proof` for a wrong answer, which costs a try.
pub(in crate::factors) async fn prove<P: Access>(
    guard: &Guard<P>,
    accounts: &Accounts,
    id: Uuid,
    holder: &Holder,
    proof: &Proof,
    then: impl AsyncFn(&mut Tx<'_>, Uuid) -> ApiResult<()>,
) -> ApiResult<Uuid> {
    let now = guard.now();
    let question = guard.db.statement(async |conn| queries::take_try(conn, id, holder, now).await).await?;
    let question = question.ok_or(ErrorCode::ChallengeOver)?;
    // Loosely: a phone changes networks, a browser updates itself, but hardly both in five minutes.
    let asked = Place { agent: question.agent.clone(), network: question.network.clone() };
    if !asked.resembles(&Place::of(&guard.request)) {
        return Err(ErrorCode::ChallengeOver.into());
    }
    refuse_endless_guessing(guard, &question, now).await?;
    let password = password_matches(guard, accounts, &question, proof).await?;
    guard
        .db
        .write(async |tx| {
            let who = who(tx, guard, accounts, &question, proof, password).await?;
            let user_id = who.ok_or_else(|| wrong(proof))?;
            if !queries::pass(tx, id, now).await? {
                return Err(ErrorCode::ChallengeOver.into()); // somebody else was faster: nothing is spent
            }
            then(tx, user_id).await?;
            Ok(user_id)
        })
        .await
}

async fn refuse_endless_guessing<P: Access>(
    guard: &Guard<P>,
    question: &Question,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let Some(user_id) = question.user_id else { return Ok(()) };
    let since = now - TimeDelta::hours(1);
    let used = guard.db.read(async |conn| queries::used_since(conn, user_id, since).await).await?;
    if used.tries > TRIES_AN_HOUR {
        return Err(ApiError::new(ErrorCode::TooManyRequests).with("retry_after", 600_u64));
    }
    Ok(())
}

/// Whether the proof is the password of somebody who is signed in. A password alone never answers the
/// question that signing in put: it was given already.
async fn password_matches<P: Access>(
    guard: &Guard<P>,
    accounts: &Accounts,
    question: &Question,
    proof: &Proof,
) -> ApiResult<bool> {
    let Proof::Password { password } = proof else { return Ok(false) };
    if question.purpose != Purpose::Confirm.name() {
        return Ok(false);
    }
    let email = guard.person()?.email.clone();
    let known = guard.db.read(async |conn| people::queries::credentials(conn, &email).await).await?;
    let own = known.filter(|(user_id, _)| Some(*user_id) == question.user_id);
    accounts.passwords.verify(password, own.map(|(_, hash)| hash)).await
}

/// Whom the proof proves, spending it.
async fn who<P: Access>(
    tx: &mut Tx<'_>,
    guard: &Guard<P>,
    accounts: &Accounts,
    question: &Question,
    proof: &Proof,
    password: bool,
) -> ApiResult<Option<Uuid>> {
    let (app, relying_party, now) = (&guard.app, &accounts.relying_party, guard.now());
    let Some(user_id) = question.user_id else {
        return match proof {
            Proof::Passkey { credential } => {
                let found = passkeys::identify(tx, relying_party, question, credential).await?;
                if let Some(user_id) = found {
                    refuse_where_a_provider_is_required(tx, user_id).await?;
                }
                Ok(found)
            }
            _ => Ok(None),
        };
    };
    let right = match proof {
        Proof::Password { .. } => password,
        Proof::Passkey { credential } => {
            passkeys::verify(tx, relying_party, user_id, question, credential).await?
        }
        Proof::Totp { code } => totp::spend(tx, &app.keys, user_id, code, now).await?,
        Proof::MailCode { code } => code::matches(&app.keys, question, code),
        Proof::RecoveryCode { code } => recovery::spend(tx, app, user_id, code).await?,
    };
    Ok(right.then_some(user_id))
}

async fn refuse_where_a_provider_is_required(tx: &mut Tx<'_>, user_id: Uuid) -> ApiResult<()> {
    let required = identity_providers::queries::is_required(tx, user_id).await?;
    if required { Err(ErrorCode::SignOnRequired.into()) } else { Ok(()) }
}

fn wrong(proof: &Proof) -> ApiError {
    let field = match proof {
        Proof::Password { .. } => "proof.password",
        Proof::Passkey { .. } => "proof.credential",
        Proof::Totp { .. } | Proof::MailCode { .. } | Proof::RecoveryCode { .. } => "proof.code",
    };
    ApiError::new(ErrorCode::WrongProof).field(field, ErrorCode::WrongProof.title())
}
