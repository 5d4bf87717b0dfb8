//! The rules of recovery codes.

use contract::ErrorCode;
use contract::factors::RecoveryCodes;
use domain::FactorChange;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::keys::MasterKey;
use platform::state::App;
use uuid::Uuid;

use super::queries;
use crate::factors::{self, letters, secrets};

const PURPOSE: &str = "recovery codes";
/// How many there are at a time.
const COUNT: usize = 10;
/// How many letters a code has: 50 random bits.
const LENGTH: usize = 10;
/// Crockford's Base32: no letter looks like another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Makes ten new codes; the old ones are good no more.
pub(in crate::factors) async fn renew(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    user_id: Uuid,
) -> ApiResult<RecoveryCodes> {
    let codes: Vec<String> = (0..COUNT).map(|_| generate()).collect();
    let hashes: Vec<_> = codes.iter().map(|code| hash(keys, user_id, code)).collect();
    let now = tx.now();
    queries::forget(tx, user_id).await?;
    queries::insert(tx, user_id, &hashes, now).await?;
    tx.audit(Change::new(None, "recovery_codes.renewed", user_id));
    Ok(RecoveryCodes { codes })
}

/// Makes new codes at a person's wish. `wrong_state` for somebody without a second factor: there is
/// nothing to recover.
pub(super) async fn renew_for(tx: &mut Tx<'_>, app: &App, user_id: Uuid) -> ApiResult<RecoveryCodes> {
    factors::queries::lock(tx, user_id).await?;
    if !factors::queries::has_factor(tx, user_id).await? {
        return Err(ErrorCode::WrongState.into());
    }
    letters::tell(tx, app, user_id, FactorChange::RecoveryCodesRenewed).await?;
    renew(tx, &app.keys, user_id).await
}

/// Codes end with the last factor they stand in for.
pub(in crate::factors) async fn end_with_last_factor(tx: &mut Tx<'_>, user_id: Uuid) -> ApiResult<()> {
    if factors::queries::has_factor(tx, user_id).await? {
        return Ok(());
    }
    queries::forget(tx, user_id).await
}

/// Whether `code` is one of the person's that was not used before; uses it, and tells them.
pub(in crate::factors) async fn spend(
    tx: &mut Tx<'_>,
    app: &App,
    user_id: Uuid,
    code: &str,
) -> ApiResult<bool> {
    let now = tx.now();
    if !queries::spend(tx, user_id, &hash(&app.keys, user_id, code), now).await? {
        return Ok(false);
    }
    tx.audit(Change::new(None, "recovery_code.used", user_id));
    letters::tell(tx, app, user_id, FactorChange::RecoveryCodeUsed).await?;
    Ok(true)
}

fn hash(keys: &MasterKey, user_id: Uuid, code: &str) -> Vec<u8> {
    secrets::hash(keys, PURPOSE, user_id.as_bytes(), &plain(code))
}

/// A new code: `7k2mp-x94qd`.
fn generate() -> String {
    let random: [u8; LENGTH] = rand::random();
    let letters: String = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{}-{}", &letters[..LENGTH / 2], &letters[LENGTH / 2..])
}

/// A code as it was meant, however it was typed.
fn plain(typed: &str) -> String {
    let letter = |letter: char| match letter.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    typed.chars().filter(char::is_ascii_alphanumeric).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_can_be_read_out() {
        let code = generate();
        assert_eq!(code.len(), LENGTH + 1);
        assert_ne!(code, generate());
        assert!(!code.contains(['i', 'l', 'o', 'u']), "{code}");
    }

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        assert_eq!(plain("7K2MP X94QD"), plain("7k2mp-x94qd"));
        assert_eq!(plain("oOIl0-11111"), "0011011111");
    }
}
