//! The rules of new passwords.

use contract::ErrorCode;
use contract::people::{ChangePassword, RedeemReset};
use domain::AccountLetter;
use platform::audit::Change;
use platform::db::{Db, Tx};
use platform::error::{ApiError, ApiResult};
use platform::guard::Person;
use platform::state::App;
use uuid::Uuid;

use crate::links::{self, Link};
use crate::passwords::Passwords;
use crate::people::{self, reset_page};
use crate::post::post;
use crate::sessions;
use crate::tokens::OpaqueToken;

/// Sends the link to the owner of an address. An address that waits for its proof gets it, too: whoever
/// follows the link has proved it.
pub(super) async fn send(tx: &mut Tx<'_>, app: &App, address: &str) -> ApiResult<()> {
    let Some(known) = people::queries::by_address(tx, address.trim()).await? else { return Ok(()) };
    let Some(token) = links::issue(tx, known.id, Link::Reset, None).await? else { return Ok(()) };
    let link = format!("{}#{}", reset_page(app), token.reveal());
    let to = people::queries::addressee(tx, known.id).await?;
    post(tx, &app.keys, &to, &AccountLetter::ResetPassword { link }).await
}

/// The hash of the new password, with whose link it is in mind. A weak one does not use the link up.
pub(super) async fn hash_for_link(db: &Db, passwords: &Passwords, wish: &RedeemReset) -> ApiResult<String> {
    let (token, now) = (OpaqueToken::presented(&wish.token).hash(), db.now());
    let owner = async |conn: &mut _| links::queries::owner(conn, &token, Link::Reset.name(), now).await;
    let user_id = db.read(owner).await?.ok_or(ErrorCode::LinkSpent)?;
    hash(db, passwords, user_id, &wish.password).await
}

/// Sets the password by the link: who follows it reads the address's mail, so the address is proven.
pub(super) async fn redeem(tx: &mut Tx<'_>, app: &App, token: &str, hash: &str) -> ApiResult<()> {
    let (user_id, _) = links::redeem(tx, token, Link::Reset).await?;
    let now = tx.now();
    people::queries::set_verified(tx, user_id, now).await?;
    links::withdraw(tx, user_id, Link::Verify).await?;
    tx.audit(Change::new(None, "password.reset", user_id));
    set(tx, app, user_id, hash, None).await
}

/// The hash of the new password, once the old one has been shown.
pub(super) async fn hash_for_owner(
    db: &Db,
    passwords: &Passwords,
    user_id: Uuid,
    wish: &ChangePassword,
) -> ApiResult<String> {
    let stored = db.read(async |conn| people::queries::password_hash(conn, user_id).await).await?;
    if !passwords.verify(&wish.old_password, Some(stored)).await? {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault(
            "old_password",
            "wrong_password",
            "This is not your present password.",
        ));
    }
    hash(db, passwords, user_id, &wish.password).await
}

/// Sets the password of somebody who has shown the old one; the session that asked goes on.
pub(super) async fn change(tx: &mut Tx<'_>, app: &App, person: &Person, hash: &str) -> ApiResult<()> {
    tx.audit(Change::new(None, "password.changed", person.user_id));
    sessions::confirm(tx, person.session_id).await?;
    set(tx, app, person.user_id, hash, Some(person.session_id)).await
}

async fn hash(db: &Db, passwords: &Passwords, user_id: Uuid, password: &str) -> ApiResult<String> {
    let owner = db.read(async |conn| people::queries::addressee(conn, user_id).await).await?;
    passwords.hash(password, &[&owner.name, &owner.address]).await
}

async fn set(tx: &mut Tx<'_>, app: &App, user_id: Uuid, hash: &str, but: Option<Uuid>) -> ApiResult<()> {
    people::queries::set_password(tx, user_id, hash).await?;
    links::withdraw(tx, user_id, Link::Reset).await?;
    sessions::end_all(tx, user_id, but).await?;
    let to = people::queries::addressee(tx, user_id).await?;
    post(tx, &app.keys, &to, &AccountLetter::PasswordChanged { link: reset_page(app) }).await
}
