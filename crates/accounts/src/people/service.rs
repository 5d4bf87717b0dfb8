//! The rules of accounts.

use contract::ErrorCode;
use contract::accounts::Me;
use contract::invitations::SignUpInvited;
use contract::people::UpdateMe;
use domain::AccountLetter;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::state::App;
use uuid::Uuid;

use super::jobs::{Applicant, OpenAccount};
use super::queries::{self, NewPerson};
use crate::links::{self, Link};
use crate::post::post;
use crate::privacy::consents;

/// Where somebody asks for a new password.
pub(crate) fn reset_page(app: &App) -> String {
    format!("{}/account/reset", app.config.public_url())
}

/// Has an account opened. What was agreed to is looked at here, where the answer can still refuse it.
pub(super) async fn ask(tx: &mut Tx<'_>, accepted: &[Uuid], job: &OpenAccount) -> ApiResult<()> {
    consents::in_force(tx, accepted).await?;
    tx.enqueue(job).await
}

/// Opens an account that waits for its proof. An address that waits already gets one more letter, whose
/// link brings the password chosen now; one that is proven hears that it has an account.
pub(super) async fn open(tx: &mut Tx<'_>, app: &App, applicant: &Applicant) -> ApiResult<()> {
    let person = NewPerson {
        id: new_id(),
        email: applicant.email.trim(),
        name: applicant.name.trim(),
        locale: applicant.locale.code(),
        password_hash: &applicant.password_hash,
        created_at: tx.now(),
    };
    if queries::insert(tx, &person).await? {
        tx.audit(Change::new(None, "person.signed_up", person.id));
        consents::signed_up(tx, person.id, &applicant.accepted, applicant.ip).await?;
        return send_proof(tx, app, person.id, Some(person.password_hash)).await;
    }
    // One that is swept out in this very moment fails on its letter, and is asked for again.
    let Some(known) = queries::by_address(tx, person.email).await? else { return Ok(()) };
    if !known.verified {
        consents::signed_up(tx, known.id, &applicant.accepted, applicant.ip).await?;
        return send_proof(tx, app, known.id, Some(person.password_hash)).await;
    }
    if links::note(tx, known.id, Link::InUse).await? {
        let to = queries::addressee(tx, known.id).await?;
        let letter = AccountLetter::AddressInUse { link: reset_page(app) };
        post(tx, &app.keys, &to, &letter).await?;
    }
    Ok(())
}

/// Opens an account whose address is proved already, or takes over one that waits for its proof: whoever
/// opened that one never showed that the address is theirs. `address_in_use` where there is a proven one.
pub(crate) async fn open_proven(
    tx: &mut Tx<'_>,
    email: &str,
    wish: &SignUpInvited,
    password_hash: &str,
) -> ApiResult<Uuid> {
    let (name, locale) = (wish.name.trim(), wish.locale.code());
    let created_at = tx.now();
    let person = NewPerson { id: new_id(), email, name, locale, password_hash, created_at };
    let user_id = if queries::insert(tx, &person).await? {
        tx.audit(Change::new(None, "person.signed_up", person.id));
        person.id
    } else {
        let known = queries::by_address(tx, email).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
        // Held until the transaction ends, so that no link proves it in the same moment.
        if !queries::lock_unproven(tx, known.id).await? {
            return Err(ErrorCode::AddressInUse.into());
        }
        queries::set_password(tx, known.id, password_hash).await?;
        queries::set_name(tx, known.id, name).await?;
        queries::set_locale(tx, known.id, locale).await?;
        known.id
    };
    let now = tx.now();
    queries::set_verified(tx, user_id, now).await?;
    links::withdraw(tx, user_id, Link::Verify).await?;
    tx.audit(Change::new(None, "person.verified", user_id));
    Ok(user_id)
}

/// One more letter to an address that waits for its proof.
pub(super) async fn prove_again(tx: &mut Tx<'_>, app: &App, address: &str) -> ApiResult<()> {
    match queries::by_address(tx, address.trim()).await? {
        Some(known) if !known.verified => send_proof(tx, app, known.id, None).await,
        _ => Ok(()),
    }
}

async fn send_proof(tx: &mut Tx<'_>, app: &App, user_id: Uuid, password_hash: Option<&str>) -> ApiResult<()> {
    let Some(token) = links::issue(tx, user_id, Link::Verify, password_hash).await? else { return Ok(()) };
    if let Some(hash) = password_hash {
        queries::set_password(tx, user_id, hash).await?;
    }
    let link = format!("{}/account/verify#{}", app.config.public_url(), token.reveal());
    let to = queries::addressee(tx, user_id).await?;
    post(tx, &app.keys, &to, &AccountLetter::VerifyAddress { link }).await
}

/// Proves an address by its link, and says whose it is. The password is the one chosen by whoever asked
/// for this very link: somebody else who typed the address meanwhile has no part in it.
pub(super) async fn verify(tx: &mut Tx<'_>, token: &str) -> ApiResult<Uuid> {
    let (user_id, password_hash) = links::redeem(tx, token, Link::Verify).await?;
    if let Some(hash) = password_hash {
        queries::set_password(tx, user_id, &hash).await?;
    }
    let now = tx.now();
    queries::set_verified(tx, user_id, now).await?;
    links::withdraw(tx, user_id, Link::Verify).await?;
    tx.audit(Change::new(None, "person.verified", user_id));
    Ok(user_id)
}

/// Changes what the account says about its owner.
pub(super) async fn update(tx: &mut Tx<'_>, user_id: Uuid, wish: &UpdateMe) -> ApiResult<Me> {
    if let Some(name) = &wish.name {
        queries::set_name(tx, user_id, name.trim()).await?;
    }
    if let Some(locale) = wish.locale {
        queries::set_locale(tx, user_id, locale.code()).await?;
    }
    tx.audit(Change::new(None, "person.changed", user_id));
    queries::me(tx, user_id).await
}
