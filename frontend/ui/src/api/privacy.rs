//! What people ask of their own data.

use contract::audit::AuditEntry;
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::mail::MailTracking;
use contract::page::Page;
use contract::privacy::{AskErasure, Consent, DataExport, Erasure, GiveConsent, Policy};

use super::{Failure, to};

/// What the person did and what was done to their account, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn activity(after: &str) -> Result<Page<AuditEntry>, Failure> {
    to(endpoints::LIST_MY_AUDIT).query("after", after).send().await
}

/// Whether openings and clicks in mail to the person may be counted.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn tracking() -> Result<MailTracking, Failure> {
    to(endpoints::GET_MAIL_TRACKING).send().await
}

/// Says whether they may.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn set_tracking(allowed: bool) -> Result<MailTracking, Failure> {
    to(endpoints::SET_MAIL_TRACKING).body(&MailTracking { allowed }).send().await
}

/// Asks for a copy of all their data.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn request_export(intent: &str) -> Result<DataExport, Failure> {
    to(endpoints::REQUEST_EXPORT).intent(intent).send().await
}

/// The latest copy; none when there is none.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn export() -> Result<Option<DataExport>, Failure> {
    match to(endpoints::GET_EXPORT).send().await {
        Ok(copy) => Ok(Some(copy)),
        Err(failure) if failure.code() == Some(contract::ErrorCode::NotFound) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// A file of a copy, `pdf` or `json`.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn export_file(copy: &str, format: &str) -> Result<Vec<u8>, Failure> {
    to(endpoints::DOWNLOAD_EXPORT).at(&[copy]).query("format", format).bytes().await
}

/// Asks to be forgotten.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn request_erasure(word: &str, intent: &str) -> Result<Erasure, Failure> {
    let wish = AskErasure { word: word.to_owned() };
    to(endpoints::REQUEST_ERASURE).body(&wish).intent(intent).send().await
}

/// Where that wish stands.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn erasure() -> Result<Erasure, Failure> {
    to(endpoints::GET_ERASURE).send().await
}

/// Takes the wish back.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn cancel_erasure() -> Result<Nothing, Failure> {
    to(endpoints::CANCEL_ERASURE).send().await
}

/// What the person agrees to.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn consents() -> Result<Vec<Consent>, Failure> {
    to(endpoints::LIST_CONSENTS).send().await
}

/// Agrees to a version of a policy, or takes that back.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn consent(said: &GiveConsent, intent: &str) -> Result<Vec<Consent>, Failure> {
    to(endpoints::GIVE_CONSENT).body(said).intent(intent).send().await
}

/// All versions of all policies.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn policies() -> Result<Vec<Policy>, Failure> {
    to(endpoints::LIST_POLICIES).send().await
}
