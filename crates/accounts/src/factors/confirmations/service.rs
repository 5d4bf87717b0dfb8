//! The rules of confirmations.

use contract::factors::{Confirmation, Confirmed, Method, Proof};
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::guard::{CONFIRMATION_LASTS, Guard, Person, SignedIn};
use uuid::Uuid;

use super::queries;
use crate::Accounts;
use crate::factors::challenges::queries::Holder;
use crate::factors::challenges::service::{self as challenges, Purpose};
use crate::factors::queries::has;
use crate::risk::Place;

/// Puts the question.
pub(super) async fn start(
    tx: &mut Tx<'_>,
    person: &Person,
    place: &Place,
    passkeys_work: bool,
) -> ApiResult<Confirmation> {
    let mut methods = vec![Method::Password];
    methods.extend(has(tx, person.user_id).await?.methods(passkeys_work));
    let session = Some(person.session_id);
    let put = challenges::put(tx, Purpose::Confirm, Some(person.user_id), session, place, None).await?;
    Ok(Confirmation { id: put.challenge.id, methods, expires_at: put.expires_at })
}

/// Takes the answer: the session is confirmed from now on.
pub(super) async fn prove(
    guard: &Guard<SignedIn>,
    accounts: &Accounts,
    id: Uuid,
    proof: &Proof,
) -> ApiResult<Confirmed> {
    let session_id = guard.person()?.session_id;
    let holder = Holder::of_session(session_id);
    let now = guard.now();
    challenges::prove(guard, accounts, id, &holder, proof, async |tx, _| {
        tx.audit(Change::new(None, "session.confirmed", session_id));
        queries::confirm(tx, session_id, now).await
    })
    .await?;
    Ok(Confirmed { until: now + CONFIRMATION_LASTS })
}
