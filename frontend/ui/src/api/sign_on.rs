//! Signing in by a provider.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::factors::SignInAnswer;
use contract::sign_on::{BeginSignOn, Identity, LinkIdentity, PublicProvider, SignOnBegun};

use super::{Failure, to};

/// Providers anybody may sign in by.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn providers() -> Result<Vec<PublicProvider>, Failure> {
    to(endpoints::LIST_PUBLIC_PROVIDERS).send().await
}

/// Begins: by an address of an organisation, or a certain provider.
///
/// # Errors
/// [`Failure`] with `sign_on_unknown` when no provider answers for it.
pub async fn begin(wish: &BeginSignOn) -> Result<SignOnBegun, Failure> {
    to(endpoints::BEGIN_SIGN_ON).body(wish).send().await
}

/// Begins to add an identity to the own account.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn link(wish: &LinkIdentity) -> Result<SignOnBegun, Failure> {
    to(endpoints::LINK_IDENTITY).body(wish).send().await
}

pub(crate) async fn finish() -> Result<SignInAnswer, Failure> {
    to(endpoints::FINISH_SIGN_ON).send().await
}

/// Who the person is to providers.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn identities() -> Result<Vec<Identity>, Failure> {
    to(endpoints::LIST_IDENTITIES).send().await
}

/// Takes an identity off the account.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove_identity(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_IDENTITY).at(&[id]).send().await
}
