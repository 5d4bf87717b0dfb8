//! Addresses that are written to no more.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::mail::{AddSuppression, Suppression};
use contract::page::Page;

use crate::api::{Failure, to};

/// One page of addresses, newest first; empty `reason` and `q` mean all.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(reason: &str, q: &str, after: &str) -> Result<Page<Suppression>, Failure> {
    to(endpoints::LIST_SUPPRESSIONS).query("reason", reason).query("q", q).query("after", after).send().await
}

/// The same list as a CSV file.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn csv(reason: &str, q: &str) -> Result<Vec<u8>, Failure> {
    to(endpoints::EXPORT_SUPPRESSIONS).query("reason", reason).query("q", q).bytes().await
}

/// Enters an address by hand.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn add(wish: &AddSuppression, intent: &str) -> Result<Suppression, Failure> {
    to(endpoints::ADD_SUPPRESSION).body(wish).intent(intent).send().await
}

/// Lets an address be written to again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_SUPPRESSION).at(&[id]).send().await
}
