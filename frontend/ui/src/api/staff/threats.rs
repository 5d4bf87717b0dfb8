//! Attempts to get in by force.

use contract::endpoints;
use contract::page::Page;
use contract::threats::Threat;

use crate::api::{Failure, to};

/// The newest, after a given one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(after: &str) -> Result<Page<Threat>, Failure> {
    to(endpoints::LIST_THREATS).query("after", after).send().await
}

/// One of them.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn get(id: &str) -> Result<Threat, Failure> {
    to(endpoints::GET_THREAT).at(&[id]).send().await
}

/// Says that somebody has looked at it.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn acknowledge(id: &str) -> Result<Threat, Failure> {
    to(endpoints::ACKNOWLEDGE_THREAT).at(&[id]).send().await
}

/// Gives its network the usual limits again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn lift(id: &str) -> Result<Threat, Failure> {
    to(endpoints::LIFT_THREAT).at(&[id]).send().await
}
