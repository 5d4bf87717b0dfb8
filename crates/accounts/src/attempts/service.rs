//! The rules of tries to sign in.

use actix_web::HttpRequest;
use chrono::TimeDelta;
use contract::ErrorCode;
use domain::AccountLetter;
use hmac::Mac as _;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Access, Guard};
use platform::jobs::{Job, JobContext};
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};

use super::{cookie, queries};
use crate::post::post;
use crate::{Accounts, KEY_OF_ATTEMPTS, people, risk};

/// Tries from one network, or on a known device, before the next one waits.
const FREE_HERE: i32 = 5;
/// Tries from everywhere before those on unknown devices wait.
const FREE_EVERYWHERE: i32 = 20;
/// After so many within a day the owner hears of it.
const TOLD_AFTER: i32 = 10;
const PURPOSE: &str = "failed sign-ins";

/// Tells the owner of an address that many tries failed. Whether there is an owner is found out when the
/// job runs, so that the answer takes as long without one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Warn {
    sealed: Vec<u8>,
}

impl Job for Warn {
    const KIND: &'static str = "warn_of_failed_sign_ins";
}

/// How long after the last one wrong passwords are held against the next right one.
const LATELY: TimeDelta = TimeDelta::hours(1);

/// A try that was let in.
pub(crate) struct Try {
    /// What it was counted under.
    counted: Vec<Vec<u8>>,
    /// What waits no more when it was right.
    freed: Vec<Vec<u8>>,
}

/// Counts a try to prove who owns `address`. `too_many_requests` with `retry_after` when it comes too
/// early, known address or not.
pub(crate) async fn try_once<P: Access>(
    guard: &Guard<P>,
    accounts: &Accounts,
    request: &HttpRequest,
    address: &str,
) -> ApiResult<Try> {
    let address = address.trim().to_lowercase();
    let key = |parts: &[&[u8]]| cookie::mac(&accounts.attempts_key, parts).finalize().into_bytes().to_vec();
    let everywhere = everywhere(&accounts.attempts_key, &address);
    if let Some(device) = cookie::known(&accounts.attempts_key, &address, request) {
        let here = key(&[b"device", address.as_bytes(), &device]);
        charge(guard, &here, FREE_HERE).await?;
        return Ok(Try { counted: vec![here.clone()], freed: vec![here, everywhere] });
    }
    let network = guard.request.ip.map(risk::network_of).unwrap_or_default();
    let here = key(&[b"network", address.as_bytes(), network.as_bytes()]);
    charge(guard, &here, FREE_HERE).await?;
    let failures = charge(guard, &everywhere, FREE_EVERYWHERE).await?;
    if failures == TOLD_AFTER && guard.app.limits.are_on() {
        let warn = Warn { sealed: guard.app.keys.seal(PURPOSE, address.as_bytes()) };
        guard.db.write(async |tx| tx.enqueue(&warn).await).await?;
    }
    let keys = vec![here, everywhere];
    Ok(Try { counted: keys.clone(), freed: keys })
}

fn everywhere(key: &[u8; 32], address: &str) -> Vec<u8> {
    let address = address.trim().to_lowercase();
    cookie::mac(key, &[b"everywhere", address.as_bytes()]).finalize().into_bytes().to_vec()
}

async fn charge<P: Access>(guard: &Guard<P>, key: &[u8], free: i32) -> ApiResult<i32> {
    // Without limits tries are counted and nobody waits.
    let free = if guard.app.limits.are_on() { free } else { i32::MAX };
    let now = guard.now();
    if let Some(failures) =
        guard.db.statement(async |conn| queries::charge(conn, key, free, now).await).await?
    {
        return Ok(failures);
    }
    let next = guard.db.read(async |conn| queries::next_try_at(conn, key).await).await?;
    let seconds = next.map_or(0, |next| (next - now).num_seconds()).max(1);
    Err(ApiError::new(ErrorCode::TooManyRequests).with("retry_after", seconds))
}

/// The password was right: nobody waits, and this try was no wrong one.
pub(crate) async fn succeeded<P: Access>(guard: &Guard<P>, tried: &Try) -> ApiResult<()> {
    guard.db.statement(async |conn| queries::free(conn, &tried.freed, &tried.counted).await).await
}

/// How many wrong passwords were tried for an address in a row, the last within an hour.
pub(crate) async fn wrong_lately(tx: &mut Tx<'_>, keys: &MasterKey, address: &str) -> ApiResult<i32> {
    let since = tx.now() - LATELY;
    queries::wrong(tx, &everywhere(&keys.derive(KEY_OF_ATTEMPTS), address), since).await
}

/// A session of the owner has begun: what was wrong before is forgotten.
pub(crate) async fn forgive(tx: &mut Tx<'_>, keys: &MasterKey, address: &str) -> ApiResult<()> {
    queries::reset(tx, &everywhere(&keys.derive(KEY_OF_ATTEMPTS), address)).await
}

/// Writes the letter.
pub(crate) async fn warn(context: JobContext, job: Warn) -> anyhow::Result<()> {
    let address = String::from_utf8(context.app.keys.open(PURPOSE, &job.sealed)?)?;
    let letter = AccountLetter::ManyFailures { link: people::reset_page(&context.app) };
    context.db.write(async |tx| tell(tx, &context, &address, &letter).await).await?;
    Ok(())
}

async fn tell(tx: &mut Tx<'_>, context: &JobContext, address: &str, letter: &AccountLetter) -> ApiResult<()> {
    let Some((user_id, _)) = people::queries::credentials(tx, address).await? else { return Ok(()) };
    let to = people::queries::addressee(tx, user_id).await?;
    post(tx, &context.app.keys, &to, letter).await
}
