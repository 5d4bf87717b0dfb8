//! The rules of sessions.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::SignIn;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::{Db, Tx};
use platform::error::ApiResult;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, EndReason, NewSession};
use crate::passwords::Passwords;
use crate::people;
use crate::tokens::{AccessClaims, REFRESH_LIFETIME, RefreshToken};

/// A session that has just begun or been prolonged, and the token to prolong it with next.
pub(crate) struct Begun {
    pub(crate) claims: AccessClaims,
    pub(crate) refresh: RefreshToken,
}

/// Whose address and password these are. An unknown address takes as long and is answered in the
/// same words as a wrong password.
pub(crate) async fn recognise(db: &Db, passwords: &Passwords, wish: &SignIn) -> ApiResult<Uuid> {
    let address = wish.email.trim();
    let known = db.read(async |conn| people::queries::credentials(conn, address).await).await?;
    let (user_id, stored) = known.unzip();
    let matches = passwords.verify(&wish.password, stored).await?;
    user_id.filter(|_| matches).ok_or_else(|| ErrorCode::WrongCredentials.into())
}

/// Begins a session of somebody who has been recognised, on the device that calls itself `user_agent`.
pub(crate) async fn begin(tx: &mut Tx<'_>, user_id: Uuid, user_agent: &str) -> ApiResult<Begun> {
    let now = tx.now();
    let session = NewSession {
        id: new_id(),
        user_id,
        user_agent,
        created_at: now,
        last_used_at: now,
        expires_at: now + REFRESH_LIFETIME,
        confirmed_at: now,
    };
    queries::insert(tx, &session).await?;
    tx.audit(Change::new(None, "person.signed_in", user_id).after(json!({"session": session.id})));
    hand_out(tx, AccessClaims { user_id, session_id: session.id }).await
}

/// How long a browser may come back with a cookie it has spent. Two tabs that wake up together send
/// the same one, and a page that is left while it refreshes never sees the next one.
const COOKIE_GRACE: TimeDelta = TimeDelta::seconds(10);

/// How a refresh token came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// In the body: a program, which knows what it has spent.
    Body,
    /// In a cookie: a browser.
    Cookie,
}

/// Trades a refresh token for the next one; `None` when it is good no more. A token that was spent
/// before ends its session, so the caller commits in either case.
pub(crate) async fn refresh(
    tx: &mut Tx<'_>,
    presented: &RefreshToken,
    carrier: Carrier,
) -> ApiResult<Option<Begun>> {
    let now = tx.now();
    let hash = presented.hash();
    let forgiven = match carrier {
        Carrier::Body => now,
        Carrier::Cookie => now - COOKIE_GRACE,
    };
    if let Some(session_id) = queries::spend(tx, &hash, now, forgiven).await? {
        return match queries::prolong(tx, session_id, now, now + REFRESH_LIFETIME).await? {
            Some(claims) => {
                let change = Change::new(None, "session.prolonged", claims.user_id);
                tx.audit(change.after(json!({"session": session_id})));
                Ok(Some(hand_out(tx, claims).await?))
            }
            None => Ok(None), // signed out in this very moment
        };
    }
    if let Some(session_id) = queries::of_token(tx, &hash).await? {
        tracing::warn!(%session_id, "a spent refresh token came back: its session ends");
        queries::end(tx, session_id, EndReason::TokenReused, now).await?;
        tx.audit(Change::new(None, "session.token_reused", session_id));
    }
    Ok(None)
}

/// Ends a session at its owner's wish.
pub(crate) async fn sign_out(tx: &mut Tx<'_>, session_id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    tx.audit(Change::new(None, "session.signed_out", session_id));
    queries::end(tx, session_id, EndReason::SignedOut, now).await
}

async fn hand_out(tx: &mut Tx<'_>, claims: AccessClaims) -> ApiResult<Begun> {
    let refresh = RefreshToken::generate();
    let now = tx.now();
    queries::insert_token(tx, &refresh.hash(), claims.session_id, now).await?;
    Ok(Begun { claims, refresh })
}
