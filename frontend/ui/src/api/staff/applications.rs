//! Applications of the organisation.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::keys::RotateApiKey;
use contract::oauth::{CreateOauthClient, NewOauthClient, OauthClient, UpdateOauthClient};
use contract::page::Page;

use crate::api::{Failure, to};

/// The applications, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<OauthClient>, Failure> {
    to(endpoints::LIST_OAUTH_CLIENTS).query("limit", "200").send().await
}

/// Registers one; its secret is told this once.
///
/// # Errors
/// [`Failure`]; with `confirmation_needed` the sign-in is too long ago.
pub async fn create(wish: &CreateOauthClient, intent: &str) -> Result<NewOauthClient, Failure> {
    to(endpoints::CREATE_OAUTH_CLIENT).body(wish).intent(intent).send().await
}

/// Changes one.
///
/// # Errors
/// [`Failure`]; with `confirmation_needed` the sign-in is too long ago.
pub async fn update(id: &str, wish: &UpdateOauthClient) -> Result<OauthClient, Failure> {
    to(endpoints::UPDATE_OAUTH_CLIENT).at(&[id]).body(wish).send().await
}

/// Gives one a new secret.
///
/// # Errors
/// [`Failure`]; with `confirmation_needed` the sign-in is too long ago.
pub async fn rotate(id: &str, overlap: &RotateApiKey, intent: &str) -> Result<NewOauthClient, Failure> {
    to(endpoints::ROTATE_OAUTH_CLIENT).at(&[id]).body(overlap).intent(intent).send().await
}

/// Ends one with all its tokens.
///
/// # Errors
/// [`Failure`]; with `confirmation_needed` the sign-in is too long ago.
pub async fn delete(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::DELETE_OAUTH_CLIENT).at(&[id]).send().await
}
