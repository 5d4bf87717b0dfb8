//! Policies, retention and reports of breaches.

use contract::endpoints;
use contract::privacy::{ChooseRetention, Policy, PublishPolicy, RetentionRule};

use crate::api::{Failure, to};

/// Publishes the next version of a policy.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn publish(policy: &PublishPolicy, intent: &str) -> Result<Policy, Failure> {
    to(endpoints::PUBLISH_POLICY).body(policy).intent(intent).send().await
}

/// How long things are kept.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn retention() -> Result<Vec<RetentionRule>, Failure> {
    to(endpoints::LIST_RETENTION).send().await
}

/// Chooses how long something is kept.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn choose(rule: &str, days: i32) -> Result<Vec<RetentionRule>, Failure> {
    to(endpoints::CHOOSE_RETENTION).at(&[rule]).body(&ChooseRetention { days }).send().await
}

/// The report of a window of time as a file, `csv` or `json`.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn breach_report(from: &str, until: &str, ip: &str, format: &str) -> Result<Vec<u8>, Failure> {
    to(endpoints::GET_BREACH_REPORT)
        .query("from", from)
        .query("to", until)
        .query("ip", ip)
        .query("format", format)
        .bytes()
        .await
}
