//! The rules of authenticator apps.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use contract::factors::{RecoveryCodes, TotpEnrolment};
use domain::FactorChange;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::state::App;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;

use super::queries;
use crate::factors::{self, letters, recovery, secrets};

/// Who the app shows as the issuer.
const ISSUER: &str = "Ringside";

/// Offers a new secret, which counts once a code of it was given. `wrong_state` when the person has an
/// app already: it is removed first.
pub(super) async fn start(
    tx: &mut Tx<'_>,
    app: &App,
    user_id: Uuid,
    email: &str,
) -> ApiResult<TotpEnrolment> {
    let bytes: [u8; 20] = rand::random(); // 160 bits, as RFC 4226 section 4 recommends
    let now = tx.now();
    let sealed = app.keys.seal(&purpose(user_id), &bytes);
    if !queries::offer(tx, user_id, &sealed, now).await? {
        return Err(ErrorCode::WrongState.into());
    }
    let totp = totp(&bytes, email)?;
    let uri = totp.to_url().map_err(ApiError::internal)?;
    let qr = QrCode::new(uri.as_bytes()).map_err(ApiError::internal)?;
    let qr = qr.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(TotpEnrolment { secret: totp.secret().to_base32(), uri, qr })
}

/// Makes the offered secret count by its first code, and gives recovery codes. `wrong_state` when none
/// was offered.
pub(super) async fn confirm(
    tx: &mut Tx<'_>,
    app: &App,
    user_id: Uuid,
    code: &str,
) -> ApiResult<RecoveryCodes> {
    factors::queries::lock(tx, user_id).await?;
    let now = tx.now();
    let sealed = queries::sealed(tx, user_id, false).await?.ok_or(ErrorCode::WrongState)?;
    let step = step_of(&app.keys, user_id, &sealed, code, now)?.ok_or_else(wrong_code)?;
    if !queries::confirm(tx, user_id, &sealed, step, now).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    tx.audit(Change::new(None, "totp.added", user_id));
    letters::tell(tx, app, user_id, FactorChange::TotpAdded).await?;
    recovery::renew(tx, &app.keys, user_id).await
}

/// Removes the app. Recovery codes go with a person's last factor.
pub(super) async fn remove(tx: &mut Tx<'_>, app: &App, user_id: Uuid) -> ApiResult<()> {
    factors::queries::lock(tx, user_id).await?;
    if !queries::remove(tx, user_id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(None, "totp.removed", user_id));
    letters::tell(tx, app, user_id, FactorChange::TotpRemoved).await?;
    recovery::end_with_last_factor(tx, user_id).await
}

/// Whether `code` is a code of the person's app just now that was not used before; uses it.
pub(in crate::factors) async fn spend(
    conn: &mut Conn,
    keys: &MasterKey,
    user_id: Uuid,
    code: &str,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let Some(sealed) = queries::sealed(conn, user_id, true).await? else { return Ok(false) };
    match step_of(keys, user_id, &sealed, code, now)? {
        Some(step) => queries::spend(conn, user_id, step).await,
        None => Ok(false),
    }
}

/// The step whose code this is, if it is one of the three around now. Compares in constant time.
fn step_of(
    keys: &MasterKey,
    user_id: Uuid,
    sealed: &[u8],
    code: &str,
    now: DateTime<Utc>,
) -> ApiResult<Option<i64>> {
    let secret = keys.open(&purpose(user_id), sealed)?;
    let seconds = u64::try_from(now.timestamp()).map_err(ApiError::internal)?;
    let step = totp(&secret, "")?.check(&secrets::digits(code), seconds);
    step.map(|step| i64::try_from(step).map_err(ApiError::internal)).transpose()
}

/// Sealed for its owner: moved to somebody else's row it does not open.
fn purpose(user_id: Uuid) -> String {
    format!("totp {user_id}")
}

fn totp(secret: &[u8], account: &str) -> ApiResult<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret.to_vec())
        .with_issuer(Some(ISSUER))
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(ApiError::internal)
}

fn wrong_code() -> ApiError {
    ApiError::new(ErrorCode::WrongProof).field("code", ErrorCode::WrongProof.title())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the SHA-1 rows, cut to six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let totp = totp(b"12345678901234567890", "demo").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(totp.generate(seconds).to_string(), code);
            assert_eq!(totp.check(code, seconds + 30), Some(seconds / 30));
            assert_eq!(totp.check(code, seconds + 60), None);
        }
    }

    #[test]
    fn an_address_with_a_colon_makes_a_uri() {
        let uri = totp(&[7; 20], "\"a:b\"@demo.example").unwrap().to_url().unwrap();
        assert!(uri.starts_with("otpauth://totp/Ringside:"), "{uri}");
    }
}
