//! The rules of passkeys.

use contract::ErrorCode;
use contract::factors::{AddPasskey, Passkey, PasskeyEnrolment, PasskeyOptions, PasskeySignIn};
use domain::FactorChange;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Guard, Person, Public};
use platform::state::App;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey as Credential, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};

use super::queries::{self, PasskeyRow};
use super::relying_party::RelyingParty;
use crate::factors::challenges::queries::{self as challenges, Holder, Question};
use crate::factors::challenges::service::{self as questions, Purpose};
use crate::factors::{self, letters, recovery};
use crate::risk::Place;

/// How many passkeys a person may have.
const MOST: usize = 20;

/// Begins to add a passkey: what the browser has to make.
pub(super) async fn start(
    tx: &mut Tx<'_>,
    relying_party: &RelyingParty,
    person: &Person,
    place: &Place,
) -> ApiResult<PasskeyEnrolment> {
    let webauthn = relying_party.webauthn()?;
    let known = queries::list(tx, person.user_id).await?;
    if known.len() >= MOST {
        return Err(ErrorCode::WrongState.into());
    }
    let known = known.into_iter().map(|row| row.credential_id).collect();
    let name = factors::queries::addressee(tx, person.user_id).await?.name;
    let (question, state) = webauthn
        .start_passkey_registration(person.user_id, &person.email, &name, Some(known))
        .map_err(ApiError::internal)?;
    let mut options = serde_json::to_value(question.public_key)?;
    // Kept on the device where it can be, so that it signs in without a name typed.
    options["authenticatorSelection"]["residentKey"] = json!("preferred");
    let state = Some(serde_json::to_value(state)?);
    let (user, session) = (Some(person.user_id), Some(person.session_id));
    let put = questions::put(tx, Purpose::AddPasskey, user, session, place, state).await?;
    Ok(PasskeyEnrolment { enrolment: put.challenge.id, options })
}

/// Adds what the browser made. `challenge_over` for an enrolment that is not this session's or ran out,
/// `passkey_known` for a key that somebody has already.
pub(super) async fn add(
    tx: &mut Tx<'_>,
    app: &App,
    relying_party: &RelyingParty,
    person: &Person,
    wish: &AddPasskey,
) -> ApiResult<Passkey> {
    let webauthn = relying_party.webauthn()?;
    let answer: RegisterPublicKeyCredential = read(&wish.credential, "credential")?;
    factors::queries::lock(tx, person.user_id).await?;
    // The unique index decides; this only tells an honest browser sooner.
    if queries::is_known(tx, &answer.raw_id).await? {
        return Err(ErrorCode::PasskeyKnown.into());
    }
    let now = tx.now();
    let state = queries::take_enrolment(tx, wish.enrolment, person.session_id, now).await?;
    let state: PasskeyRegistration = restored(state)?;
    let credential = webauthn.finish_passkey_registration(&answer, &state).map_err(|error| wrong(&error))?;
    let row = PasskeyRow {
        id: new_id(),
        user_id: person.user_id,
        name: wish.name.trim().to_owned(),
        credential_id: credential.cred_id().clone(),
        credential: serde_json::to_value(&credential)?,
        sign_count: 0,
        created_at: now,
        last_used_at: None,
    };
    queries::insert(tx, &row).await?;
    tx.audit(Change::new(None, "passkey.added", row.id));
    letters::tell(tx, app, person.user_id, FactorChange::PasskeyAdded).await?;
    Ok(row.into())
}

/// Calls a passkey by another name.
pub(super) async fn rename(tx: &mut Tx<'_>, user_id: Uuid, id: Uuid, name: &str) -> ApiResult<Passkey> {
    let passkey = queries::rename(tx, user_id, id, name.trim()).await?;
    tx.audit(Change::new(None, "passkey.renamed", id));
    Ok(passkey)
}

/// Removes a passkey. Recovery codes go with a person's last factor.
pub(super) async fn remove(tx: &mut Tx<'_>, app: &App, user_id: Uuid, id: Uuid) -> ApiResult<()> {
    factors::queries::lock(tx, user_id).await?;
    if !queries::remove(tx, user_id, id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(None, "passkey.removed", id));
    letters::tell(tx, app, user_id, FactorChange::PasskeyRemoved).await?;
    recovery::end_with_last_factor(tx, user_id).await
}

/// Begins to sign in by a passkey alone: who it is, the passkey will say.
pub(in crate::factors) async fn begin_sign_in(
    guard: &Guard<Public>,
    relying_party: &RelyingParty,
) -> ApiResult<PasskeySignIn> {
    let (question, state) =
        relying_party.webauthn()?.start_discoverable_authentication().map_err(ApiError::internal)?;
    let (state, place) = (serde_json::to_value(state)?, Place::of(&guard.request));
    let put = guard
        .db
        .write(async |tx| {
            questions::put(tx, Purpose::PasskeySignIn, None, None, &place, Some(state.clone())).await
        })
        .await?;
    Ok(PasskeySignIn { challenge: put.challenge, options: serde_json::to_value(question.public_key)? })
}

/// What a passkey of the person asked has to sign for a question put to them.
pub(in crate::factors) async fn ask(
    tx: &mut Tx<'_>,
    relying_party: &RelyingParty,
    id: Uuid,
    holder: &Holder,
) -> ApiResult<PasskeyOptions> {
    let webauthn = relying_party.webauthn()?;
    let now = tx.now();
    let question = challenges::lock(tx, id, holder, now).await?.ok_or(ErrorCode::ChallengeOver)?;
    let user_id = question.user_id.ok_or(ErrorCode::FactorUnavailable)?;
    let keys =
        queries::list(tx, user_id).await?.into_iter().map(|row| from_kept::<Credential>(row.credential));
    let keys = keys.collect::<ApiResult<Vec<_>>>()?;
    if keys.is_empty() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let (asked, state) = webauthn.start_passkey_authentication(&keys).map_err(ApiError::internal)?;
    challenges::set_passkey(tx, id, &serde_json::to_value(state)?).await?;
    Ok(PasskeyOptions { options: serde_json::to_value(asked.public_key)? })
}

/// Whether a passkey of this person signed what the question asked.
pub(in crate::factors) async fn verify(
    tx: &mut Tx<'_>,
    relying_party: &RelyingParty,
    user_id: Uuid,
    question: &Question,
    credential: &Value,
) -> ApiResult<bool> {
    let answer: PublicKeyCredential = read(credential, "proof.credential")?;
    let state: PasskeyAuthentication = restored(question.passkey.clone())?;
    let Some(row) = queries::of_credential(tx, user_id, answer.get_credential_id()).await? else {
        return Ok(false);
    };
    match relying_party.webauthn()?.finish_passkey_authentication(&answer, &state) {
        Ok(result) => note_use(tx, row, &result).await,
        Err(error) => Ok(refused(&row, &error)),
    }
}

/// Whose passkey signed what the question asked, where the passkey says who it is.
pub(in crate::factors) async fn identify(
    tx: &mut Tx<'_>,
    relying_party: &RelyingParty,
    question: &Question,
    credential: &Value,
) -> ApiResult<Option<Uuid>> {
    let webauthn = relying_party.webauthn()?;
    let answer: PublicKeyCredential = read(credential, "proof.credential")?;
    let state: DiscoverableAuthentication = restored(question.passkey.clone())?;
    let Ok((user_id, credential_id)) = webauthn.identify_discoverable_authentication(&answer) else {
        return Ok(None);
    };
    let Some(row) = queries::of_credential(tx, user_id, credential_id).await? else { return Ok(None) };
    let key: Credential = from_kept(row.credential.clone())?;
    let right = match webauthn.finish_discoverable_authentication_v2(&answer, state, &key) {
        Ok(result) => note_use(tx, row, &result).await?,
        Err(error) => refused(&row, &error),
    };
    Ok(right.then_some(user_id))
}

/// Keeps what changed of the key, its count above all; `false` when the count went back meanwhile.
async fn note_use(tx: &mut Tx<'_>, row: PasskeyRow, result: &AuthenticationResult) -> ApiResult<bool> {
    let mut key: Credential = from_kept(row.credential)?;
    key.update_credential(result);
    let now = tx.now();
    queries::used(tx, row.id, &serde_json::to_value(&key)?, i64::from(result.counter()), now).await
}

fn refused(row: &PasskeyRow, error: &WebauthnError) -> bool {
    tracing::warn!(passkey_id = %row.id, %error, "a passkey was refused");
    false
}

fn wrong(error: &WebauthnError) -> ApiError {
    tracing::info!(%error, "a passkey was not added");
    ApiError::new(ErrorCode::WrongProof).field("credential", ErrorCode::WrongProof.title())
}

/// What a browser sent.
fn read<T: DeserializeOwned>(value: &Value, field: &str) -> ApiResult<T> {
    T::deserialize(value).map_err(|error| {
        ApiError::new(ErrorCode::InvalidFields).field_fault(field, "invalid", error.to_string())
    })
}

/// What was kept between question and answer; without it there was no question.
fn restored<T: DeserializeOwned>(state: Option<Value>) -> ApiResult<T> {
    from_kept(state.ok_or(ErrorCode::ChallengeOver)?)
}

fn from_kept<T: DeserializeOwned>(value: Value) -> ApiResult<T> {
    Ok(serde_json::from_value(value)?)
}
