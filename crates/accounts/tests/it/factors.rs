//! `/me/factors`: authenticator apps and recovery codes.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::Session;
use contract::factors::{Factors, RecoveryCodes, TotpEnrolment};
use domain::{AccountLetter, FactorChange};
use serde_json::{Value, json};
use testkit::{Call, TestApp};
use totp_rs::{Builder, Secret};

use crate::post::letters_to;
use crate::{sign_up, start};

pub const EMAIL: &str = "fan@demo.ringside.example";

/// The code an app shows just now.
pub fn code(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("a secret in Base32");
    let totp = Builder::new().with_secret(secret).build().expect("the usual form");
    let seconds = app.clock.now().timestamp();
    totp.generate(u64::try_from(seconds).expect("after 1970")).to_string()
}

fn start_totp(app: &TestApp, by: &Session) -> Call {
    app.post("/me/factors/totp").token(&by.access_token)
}

fn confirm(app: &TestApp, by: &Session, code: &str) -> Call {
    app.post("/me/factors/totp/confirm").token(&by.access_token).json(&json!({"code": code}))
}

/// Adds an app; gives its secret and the recovery codes, and lets the step pass.
pub async fn with_totp(app: &TestApp, by: &Session) -> (String, Vec<String>) {
    let offered: TotpEnrolment = start_totp(app, by).created().await;
    let codes: RecoveryCodes = confirm(app, by, &code(app, &offered.secret)).ok().await;
    letters_to(app, &by.me.email).await;
    app.advance(TimeDelta::seconds(30));
    (offered.secret, codes.codes)
}

async fn factors(app: &TestApp, by: &Session) -> Factors {
    app.get("/me/factors").token(&by.access_token).ok().await
}

#[tokio::test]
async fn an_app_counts_once_its_first_code_arrived() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let offered: TotpEnrolment = start_totp(&app, &fan).created().await;
    assert!(
        offered.uri.starts_with("otpauth://totp/Ringside:fan%40demo.ringside.example?secret="),
        "{}",
        offered.uri
    );
    assert!(offered.uri.contains(&offered.secret) && offered.qr.contains("<svg"), "{}", offered.qr);
    assert_eq!(factors(&app, &fan).await.totp_since, None);

    confirm(&app, &fan, "000000x").problem(ErrorCode::WrongProof).await;
    let codes: RecoveryCodes = confirm(&app, &fan, &code(&app, &offered.secret)).ok().await;
    assert_eq!(codes.codes.len(), 10);
    let now = factors(&app, &fan).await;
    assert_eq!((now.totp_since, now.recovery_codes_left), (Some(app.clock.now()), 10));

    let letters = letters_to(&app, EMAIL).await;
    let link = format!("{}/account/security", app.url);
    assert_eq!(letters, [AccountLetter::FactorChanged { change: FactorChange::TotpAdded, link }]);
    start_totp(&app, &fan).problem(ErrorCode::WrongState).await;
    confirm(&app, &fan, &code(&app, &offered.secret)).problem(ErrorCode::WrongState).await;
}

#[tokio::test]
async fn beginning_anew_forgets_the_earlier_secret() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let first: TotpEnrolment = start_totp(&app, &fan).created().await;
    let second: TotpEnrolment = start_totp(&app, &fan).created().await;
    confirm(&app, &fan, &code(&app, &first.secret)).problem(ErrorCode::WrongProof).await;
    let _: RecoveryCodes = confirm(&app, &fan, &code(&app, &second.secret)).ok().await;
    letters_to(&app, EMAIL).await;
}

#[tokio::test]
async fn nothing_that_opens_an_account_is_kept_as_it_is() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, codes) = with_totp(&app, &fan).await;
    let plain = Secret::try_from_base32(&secret).unwrap();
    let hex: String = plain.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let sealed =
        format!("SELECT count(*) FROM totp_secrets WHERE position('{hex}' IN encode(sealed, 'hex')) > 0");
    assert_eq!(app.count(&sealed).await, 0);
    let bare = codes[0].replace('-', "");
    let stored = format!(
        "SELECT count(*) FROM recovery_codes WHERE code_hash IN (sha256('{bare}'), sha256('{}'), '{bare}')",
        codes[0]
    );
    assert_eq!(app.count(&stored).await, 0);
}

#[tokio::test]
async fn changing_factors_needs_a_recent_proof() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    with_totp(&app, &fan).await;
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '1 hour'").await;

    start_totp(&app, &fan).problem(ErrorCode::ConfirmationNeeded).await;
    confirm(&app, &fan, "123456").problem(ErrorCode::ConfirmationNeeded).await;
    for path in ["/me/factors/recovery-codes", "/me/factors/passkeys/start"] {
        app.post(path).token(&fan.access_token).problem(ErrorCode::ConfirmationNeeded).await;
    }
    app.delete("/me/factors/totp").token(&fan.access_token).problem(ErrorCode::ConfirmationNeeded).await;
    let _: Factors = app.get("/me/factors").token(&fan.access_token).ok().await;
}

#[tokio::test]
async fn an_app_that_is_removed_is_asked_no_more_and_its_codes_end() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    with_totp(&app, &fan).await;
    let remove = || app.delete("/me/factors/totp").token(&fan.access_token);
    remove().no_content().await;
    let now = factors(&app, &fan).await;
    assert_eq!((now.totp_since, now.recovery_codes_left), (None, 0));
    remove().problem(ErrorCode::NotFound).await;
    let letters = letters_to(&app, EMAIL).await;
    assert!(
        matches!(letters[..], [AccountLetter::FactorChanged { change: FactorChange::TotpRemoved, .. }]),
        "{letters:?}"
    );
    let in_without = json!({"email": EMAIL, "password": crate::PASSWORD});
    let _: Session = app.post("/sessions").json(&in_without).created().await;
}

#[tokio::test]
async fn new_recovery_codes_end_the_old_ones_and_need_a_factor() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let renew = || app.post("/me/factors/recovery-codes").token(&fan.access_token);
    renew().problem(ErrorCode::WrongState).await;
    let (_, old) = with_totp(&app, &fan).await;
    let new: RecoveryCodes = renew().created().await;
    assert!(new.codes.iter().all(|code| !old.contains(code)));
    assert_eq!(factors(&app, &fan).await.recovery_codes_left, 10);
    letters_to(&app, EMAIL).await;
}

#[tokio::test]
async fn what_changes_is_noted_without_secrets() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, codes) = with_totp(&app, &fan).await;
    let noted = "SELECT count(*) FROM audit_log WHERE action IN ('totp.added', 'recovery_codes.renewed')
                 AND actor_kind = 'person'";
    assert_eq!(app.count(noted).await, 2);
    let told = format!(
        "SELECT count(*) FROM audit_log WHERE audit_log::text LIKE '%{secret}%' OR audit_log::text LIKE '%{}%'",
        codes[0]
    );
    assert_eq!(app.count(&told).await, 0);
}

#[tokio::test]
async fn a_stranger_sees_no_factors() {
    let app = start().await;
    app.get("/me/factors").problem(ErrorCode::NotSignedIn).await;
    app.post("/me/factors/totp").problem(ErrorCode::NotSignedIn).await;
    app.post("/confirmations").json(&Value::Null).problem(ErrorCode::NotSignedIn).await;
}
