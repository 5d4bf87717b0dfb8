//! The rules of sessions.

use std::net::IpAddr;

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::SignIn;
use domain::AccountLetter;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::{Db, Tx};
use platform::error::ApiResult;
use platform::request::RequestInfo;
use platform::state::App;
use serde_json::json;
use uuid::Uuid;

use super::device;
use super::queries::{self, EndReason, NewSession};
use crate::passwords::Passwords;
use crate::people;
use crate::post::post;
use crate::risk;
use crate::tokens::{AccessClaims, REFRESH_LIFETIME, RefreshToken};

/// A session that has just begun or been prolonged, and the token to prolong it with next.
pub(crate) struct Begun {
    pub(crate) claims: AccessClaims,
    pub(crate) refresh: RefreshToken,
    /// Whether it has just begun: somebody has proved who they are.
    pub(crate) first: bool,
}

/// Whose address and password these are. An unknown address takes as long and is answered in the
/// same words as a wrong password.
pub(crate) async fn recognise(db: &Db, passwords: &Passwords, wish: &SignIn) -> ApiResult<Uuid> {
    let address = wish.email.trim();
    let known = db.read(async |conn| people::queries::by_address(conn, address).await).await?;
    let stored = known.as_ref().map(|known| known.password_hash.clone());
    let matches = passwords.verify(&wish.password, stored).await?;
    match known.filter(|_| matches) {
        Some(known) if known.verified => Ok(known.id),
        Some(_) => Err(ErrorCode::AddressUnverified.into()),
        None => Err(ErrorCode::WrongCredentials.into()),
    }
}

/// Begins a session of somebody who has been recognised, in the place the request came from. The owner
/// hears of one that is strange.
pub(crate) async fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    user_id: Uuid,
    request: &RequestInfo,
) -> ApiResult<Begun> {
    let now = tx.now();
    let user_agent = request.user_agent.as_deref().unwrap_or("");
    let device = device::name_of(user_agent);
    let (ip, spot) = (request.ip.map(|ip| ip.to_canonical().to_string()), app.places.of(request.ip));
    if let Some(why) = risk::judge_sign_in(tx, app, user_id, request).await?.told {
        let at = now.format("%Y-%m-%d %H:%M UTC").to_string();
        let (device, ip, place) = (device.clone(), ip.clone().unwrap_or_default(), spot.name());
        tell(tx, app, user_id, |link| AccountLetter::NewSignIn { device, ip, place, why, at, link }).await?;
    }
    risk::remember(tx, app, user_id, request).await?;
    let session = NewSession {
        id: new_id(),
        user_id,
        user_agent,
        device: &device,
        ip: ip.as_deref(),
        country: spot.country.as_deref(),
        city: spot.city.as_deref(),
        latitude: spot.point.map(|point| point.latitude),
        longitude: spot.point.map(|point| point.longitude),
        created_at: now,
        last_used_at: now,
        expires_at: now + REFRESH_LIFETIME,
        confirmed_at: now,
    };
    queries::insert(tx, &session).await?;
    tx.audit(Change::new(None, "person.signed_in", user_id).after(json!({"session": session.id})));
    hand_out(tx, AccessClaims { user_id, session_id: session.id }, true).await
}

/// Writes to the owner of an account, with the address where a new password is asked for.
async fn tell(
    tx: &mut Tx<'_>,
    app: &App,
    user_id: Uuid,
    letter: impl FnOnce(String) -> AccountLetter,
) -> ApiResult<()> {
    let to = people::queries::addressee(tx, user_id).await?;
    post(tx, &app.keys, &to, &letter(people::reset_page(app))).await
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
    app: &App,
    ip: Option<IpAddr>,
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
        let (spot, ip) = (app.places.of(ip), ip.map(|ip| ip.to_canonical().to_string()));
        let from = (ip.as_deref(), &spot);
        return match queries::prolong(tx, session_id, now, now + REFRESH_LIFETIME, from).await? {
            Some(claims) => {
                let change = Change::new(None, "session.prolonged", claims.user_id);
                tx.audit(change.after(json!({"session": session_id})));
                Ok(Some(hand_out(tx, claims, false).await?))
            }
            None => Ok(None), // signed out in this very moment
        };
    }
    if let Some(session_id) = queries::of_spent_token(tx, &hash).await? {
        tracing::warn!(%session_id, "a spent refresh token came back: its session ends");
        // Told once, however often it comes back.
        if let Some((user_id, device)) = queries::end(tx, session_id, EndReason::TokenReused, now).await? {
            tx.audit(Change::new(None, "session.stolen", user_id));
            tell(tx, app, user_id, |link| AccountLetter::SessionStolen { device, link }).await?;
        }
    }
    Ok(None)
}

/// Ends a session at its owner's wish.
pub(crate) async fn sign_out(tx: &mut Tx<'_>, session_id: Uuid) -> ApiResult<()> {
    end(tx, session_id, EndReason::SignedOut).await
}

/// Ends one session of a person at their wish; `not_found` for anybody else's.
pub(crate) async fn revoke(tx: &mut Tx<'_>, user_id: Uuid, session_id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    if !queries::is_own(tx, user_id, session_id, now).await? {
        return Err(ErrorCode::NotFound.into());
    }
    end(tx, session_id, EndReason::Revoked).await
}

/// Ends all sessions of a person at their wish, but one.
pub(crate) async fn revoke_all(tx: &mut Tx<'_>, user_id: Uuid, but: Option<Uuid>) -> ApiResult<()> {
    let now = tx.now();
    queries::end_all(tx, user_id, but, EndReason::Revoked, now).await?;
    tx.audit(Change::new(None, "session.all_ended", user_id));
    Ok(())
}

/// Ends all sessions of a person but one: the password is another one now.
pub(crate) async fn end_all(tx: &mut Tx<'_>, user_id: Uuid, but: Option<Uuid>) -> ApiResult<()> {
    let now = tx.now();
    queries::end_all(tx, user_id, but, EndReason::PasswordChanged, now).await?;
    Ok(())
}

/// Ends the sessions that began by a provider of the organisation: nobody may come by it any more.
pub(crate) async fn end_of_provider(tx: &mut Tx<'_>, org: Uuid, provider: Uuid) -> ApiResult<()> {
    let now = tx.now();
    let ended = queries::end_of_provider(tx, provider, now).await?;
    note_ended(tx, org, provider, ended);
    Ok(())
}

/// Ends the sessions, but one, of members who have to come by a provider of the organisation and did not.
/// `about` is what makes them: the provider, or the domain.
pub(crate) async fn end_beside_providers(
    tx: &mut Tx<'_>,
    (org, about): (Uuid, Uuid),
    but: Option<Uuid>,
) -> ApiResult<()> {
    let now = tx.now();
    let ended = queries::end_beside_providers(tx, org, but, now).await?;
    note_ended(tx, org, about, ended);
    Ok(())
}

fn note_ended(tx: &mut Tx<'_>, org: Uuid, about: Uuid, ended: usize) {
    if ended > 0 {
        tx.audit(Change::new(Some(org), "sign_on.sessions_ended", about).after(json!({"sessions": ended})));
    }
}

/// Ends the session a refresh token belongs to, if there is one.
pub(crate) async fn end_by_token(tx: &mut Tx<'_>, token: &RefreshToken) -> ApiResult<()> {
    match queries::of_token(tx, &token.hash()).await? {
        Some(session_id) => end(tx, session_id, EndReason::Revoked).await,
        None => Ok(()),
    }
}

/// Notes that the session has just proved who it is.
pub(crate) async fn confirm(tx: &mut Tx<'_>, session_id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    queries::confirm(tx, session_id, now).await
}

async fn end(tx: &mut Tx<'_>, session_id: Uuid, reason: EndReason) -> ApiResult<()> {
    let now = tx.now();
    if let Some((user_id, _)) = queries::end(tx, session_id, reason, now).await? {
        tx.audit(Change::new(None, "session.ended", user_id));
    }
    Ok(())
}

async fn hand_out(tx: &mut Tx<'_>, claims: AccessClaims, first: bool) -> ApiResult<Begun> {
    let refresh = RefreshToken::generate();
    let now = tx.now();
    queries::insert_token(tx, &refresh.hash(), claims.session_id, now).await?;
    Ok(Begun { claims, refresh, first })
}
