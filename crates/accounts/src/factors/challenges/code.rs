//! Codes by mail: six digits, good for ten minutes. A newer code ends the older one.

use chrono::TimeDelta;
use contract::ErrorCode;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::state::App;
use uuid::Uuid;

use super::queries::{self, Holder, Question};
use crate::factors::{self, letters, secrets};

const PURPOSE: &str = "mailed codes";
/// How many codes are mailed to one person in an hour: whoever knows a password fills no letter box.
const CODES_AN_HOUR: i64 = 10;
/// How long a code is good for.
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// A new code.
pub(in crate::factors) fn generate() -> String {
    format!("{:06}", rand::random_range(0..1_000_000_u32))
}

/// Mails `code` to whom a question was put. `factor_unavailable` where their address is not known to be
/// theirs, `too_many_requests` after a few.
pub(in crate::factors) async fn mail(
    tx: &mut Tx<'_>,
    app: &App,
    id: Uuid,
    holder: &Holder,
    code: &str,
) -> ApiResult<()> {
    let now = tx.now();
    let question = queries::lock(tx, id, holder, now).await?.ok_or(ErrorCode::ChallengeOver)?;
    let user_id = question.user_id.ok_or(ErrorCode::FactorUnavailable)?;
    if !factors::queries::has(tx, user_id).await?.mail {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let mailed = queries::used_since(tx, user_id, now - TimeDelta::hours(1)).await?.codes;
    if mailed >= CODES_AN_HOUR {
        return Err(ApiError::new(ErrorCode::TooManyRequests).with("retry_after", 600_u64));
    }
    let hash = secrets::hash(&app.keys, PURPOSE, id.as_bytes(), code);
    if !queries::set_code(tx, id, &hash, now + LASTS).await? {
        return Err(ErrorCode::TooManyRequests.into());
    }
    letters::send_code(tx, app, user_id, code).await
}

/// Whether this is the code that was mailed last for the question.
pub(super) fn matches(keys: &MasterKey, question: &Question, typed: &str) -> bool {
    let kept = question.code_hash.as_deref();
    kept.is_some_and(|kept| {
        secrets::matches(keys, PURPOSE, question.id.as_bytes(), &secrets::digits(typed), kept)
    })
}
