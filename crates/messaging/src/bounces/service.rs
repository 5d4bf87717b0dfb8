//! The rules of what came back.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::ErrorCode;
use contract::deliveries::DeliveryState;
use contract::inbound::InboundSignature;
use contract::mail::{MailReport, SuppressionReason};
use domain::ids;
use platform::config::Config;
use platform::db::{Db, Tx};
use platform::error::ApiResult;
use platform::keys::MasterKey;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::report::{Fate, Report};
use super::{postmark, queries};
use crate::deliveries::Outgoing;
use crate::inbound::proof;
use crate::suppressions::queries::{self as suppressions, New};

/// Takes a report in. One that says less than is known, or the same again, changes nothing.
///
/// # Errors
/// `unavailable` while the mail waits to be noted as sent: then the report is early, and is asked for once more.
pub(super) async fn take(tx: &mut Tx<'_>, report: &Report) -> ApiResult<()> {
    let (next, reason) = match report.fate {
        Fate::Nothing => return Ok(()),
        Fate::Arrived => (DeliveryState::Delivered, None),
        Fate::Returned { for_good } => {
            (DeliveryState::Returned, for_good.then_some(SuppressionReason::Bounced))
        }
        Fate::Unwanted => (DeliveryState::Complained, Some(SuppressionReason::Complained)),
    };
    let detail = (report.fate != Fate::Arrived).then_some(report.detail.as_str());
    let Some(told) = queries::note(tx, report.delivery, next, detail).await? else {
        let early = queries::waits(tx, report.delivery).await?;
        return if early { Err(ErrorCode::Unavailable.into()) } else { Ok(()) };
    };
    match reason {
        Some(reason) => {
            hold_back(tx, (told.org_id, &told.recipient), reason, &report.detail, report.delivery).await
        }
        None => Ok(()),
    }
}

/// The mail server said at once that there is no such address.
pub(crate) async fn came_back_at_once(tx: &mut Tx<'_>, message: &Outgoing, said: &str) -> ApiResult<()> {
    let to = (message.org_id, message.recipient.as_str());
    hold_back(tx, to, SuppressionReason::Bounced, said, message.id).await
}

async fn hold_back(
    tx: &mut Tx<'_>,
    (org, address): (Option<Uuid>, &str),
    reason: SuppressionReason,
    detail: &str,
    delivery: Uuid,
) -> ApiResult<()> {
    let now = tx.now();
    let new = New { id: ids::new_id(), org, address, reason, detail, delivery: Some(delivery) };
    suppressions::insert(tx, &new, now).await.map(drop)
}

/// Takes in what a mail service reports, when it has the secret for that.
///
/// # Errors
/// `not_found` when no service may report, `bad_signature` without the secret.
pub(super) async fn reported(
    db: &Db,
    (config, keys): (&Config, &MasterKey),
    headers: &HeaderMap,
    said: &MailReport,
) -> ApiResult<()> {
    let secret = config.mail_report_secret.as_ref().ok_or(ErrorCode::NotFound)?;
    prove(secret.expose_secret(), headers, db)?;
    match postmark::read(keys, said) {
        Some(report) => db.write(async |tx| take(tx, &report).await).await,
        None => {
            tracing::info!(record = %said.record_type, "a report of a mail service is about no mail of ours");
            Ok(())
        }
    }
}

/// The secret comes as `Authorization: Bearer …`, or as the password of Basic (RFC 7617), which Postmark takes from
/// the address it calls.
fn prove(secret: &str, headers: &HeaderMap, db: &Db) -> ApiResult<()> {
    let sent = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '));
    if let Some((_, pair)) = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")) {
        let pair = STANDARD.decode(pair.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let password =
            pair.as_deref().and_then(|pair| pair.split_once(':')).map_or("", |(_, password)| password);
        // Digests are of one length, so that comparing tells nothing of the secret.
        let same: bool = Sha256::digest(password).ct_eq(&Sha256::digest(secret)).into();
        return if same { Ok(()) } else { Err(ErrorCode::BadSignature.into()) };
    }
    Ok(proof::check(&InboundSignature::Bearer, secret, headers, b"", db.now())?)
}
