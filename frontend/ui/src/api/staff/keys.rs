//! API keys of the organisation, and from which networks its members act.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::keys::{ApiKey, CreateApiKey, KeyUsage, NewApiKey, RotateApiKey};
use contract::networks::{AllowedNetworks, SetNetworks};
use contract::page::Page;

use crate::api::{Failure, to};

/// The keys, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<ApiKey>, Failure> {
    to(endpoints::LIST_KEYS).query("limit", "200").send().await
}

/// Makes a key; its secret is told this once.
///
/// # Errors
/// [`Failure`]; with `confirmation_needed` the sign-in is too long ago.
pub async fn create(key: &CreateApiKey, intent: &str) -> Result<NewApiKey, Failure> {
    to(endpoints::CREATE_KEY).body(key).intent(intent).send().await
}

/// Gives a key a new secret.
///
/// # Errors
/// [`Failure`]; with `confirmation_needed` the sign-in is too long ago.
pub async fn rotate(id: &str, overlap: &RotateApiKey, intent: &str) -> Result<NewApiKey, Failure> {
    to(endpoints::ROTATE_KEY).at(&[id]).body(overlap).intent(intent).send().await
}

/// Ends a key at once.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn revoke(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::REVOKE_KEY).at(&[id]).send().await
}

/// How often a key was used.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn usage(id: &str) -> Result<KeyUsage, Failure> {
    to(endpoints::GET_KEY_USAGE).at(&[id]).send().await
}

/// From where members may act.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn networks() -> Result<AllowedNetworks, Failure> {
    to(endpoints::GET_NETWORKS).send().await
}

/// Says from where members may act.
///
/// # Errors
/// [`Failure`]; with `would_lock_you_out` the caller's own address is not among them.
pub async fn set_networks(networks: &SetNetworks) -> Result<AllowedNetworks, Failure> {
    to(endpoints::SET_NETWORKS).body(networks).send().await
}
