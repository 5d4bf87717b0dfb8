//! What all contact methods have in common.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::channels::{Channel, Topic};
use contract::contact_methods::ContactMethod;
use domain::{Locale, ids};
use hmac::Mac as _;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::state::App;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, Method};
use super::words;
use crate::deliveries::{self, Message, Way};
use crate::signature::hmac_of;

/// For what addresses are hashed; these keys last.
const DIGEST: &str = "contact methods";
/// Nobody needs more.
pub(super) const MOST_METHODS: i64 = 20;
/// How many messages a person may have sent to their own methods in a day.
const MOST_A_DAY: i64 = 30;
/// How many of them go to one that somebody pays for.
const MOST_TO_ONE: i64 = 5;

/// By what an address is known again: one digest for each master key, the newest first.
pub(crate) fn digests(keys: &MasterKey, channel: Channel, org: Option<Uuid>, address: &str) -> Vec<Vec<u8>> {
    let org = org.unwrap_or_default();
    let digest = |key: [u8; 32]| {
        let parts: [&[u8]; 4] = [channel.name().as_bytes(), b"\0", org.as_bytes(), address.as_bytes()];
        hmac_of(&key, &parts).finalize().into_bytes().to_vec()
    };
    keys.derive_all(DIGEST).into_iter().map(digest).collect()
}

/// Refuses a method too many.
pub(super) async fn room(conn: &mut Conn, user: Uuid) -> ApiResult<()> {
    if queries::count(conn, user).await? < MOST_METHODS {
        return Ok(());
    }
    let why = format!("You have {MOST_METHODS} already. Remove one first.");
    Err(ApiError::new(ErrorCode::WrongState).detail(why))
}

/// Refuses a message too many to a person's own methods, and counts this one.
pub(super) async fn allow(tx: &mut Tx<'_>, user: Uuid, method: &Method) -> ApiResult<()> {
    let now = tx.now();
    let (all, here) = queries::sent_since(tx, user, &method.digest, now - TimeDelta::days(1)).await?;
    if all >= MOST_A_DAY || (method.channel.by_account() && here >= MOST_TO_ONE) {
        let wait = TimeDelta::hours(1).num_seconds();
        return Err(ApiError::new(ErrorCode::TooManyRequests).with("retry_after", wait));
    }
    queries::note_sent(tx, user, &method.digest, now).await
}

/// Sends the person something they asked for, now.
pub(super) async fn say(
    tx: &mut Tx<'_>,
    user: Uuid,
    method: &Method,
    (cause, written, link): (&str, crate::letters::Written, Option<String>),
) -> ApiResult<()> {
    let id = ids::new_id();
    let message = Message {
        org_id: method.org,
        way: Way::Method(method.channel, method.id, method.shown.clone()),
        topic: Topic::Account,
        user_id: Some(user),
        link,
        cause: format!("{cause}:{id}"),
        written,
    };
    if let Some(org) = method.org {
        tx.work_for(org);
    }
    deliveries::send(tx, id, &message).await?;
    Ok(())
}

/// Sends a test. `wrong_state` to one that is not proved, or leads nowhere.
pub(super) async fn test(
    tx: &mut Tx<'_>,
    app: &App,
    user: Uuid,
    (id, locale): (Uuid, Locale),
) -> ApiResult<()> {
    queries::lock_person(tx, user).await?;
    let method = queries::find(tx, user, id).await?.ok_or(ErrorCode::NotFound)?;
    if method.verified_at.is_none() || method.gone_at.is_some() {
        return Err(ErrorCode::WrongState.into());
    }
    allow(tx, user, &method).await?;
    let link = format!("{}/account/notifications", app.config.public_url());
    say(tx, user, &method, ("contact_test", words::test(locale), Some(link))).await
}

/// Takes a method away; what still waits for it is held back.
pub(super) async fn remove(tx: &mut Tx<'_>, user: Uuid, id: Uuid) -> ApiResult<()> {
    let method = queries::find(tx, user, id).await?.ok_or(ErrorCode::NotFound)?;
    queries::remove(tx, user, id).await?;
    tx.audit(Change::new(None, "contact_method.removed", user).before(noted(&method)));
    Ok(())
}

/// What the audit log says of a method: no address.
pub(super) fn noted(method: &Method) -> serde_json::Value {
    json!({"channel": method.channel, "organisation": method.org})
}

/// A method as its owner sees it.
pub(super) async fn get(conn: &mut Conn, user: Uuid, id: Uuid) -> ApiResult<ContactMethod> {
    let all = queries::list(conn, user).await?;
    all.into_iter().find(|method| method.id == id).ok_or_else(|| ErrorCode::NotFound.into())
}
