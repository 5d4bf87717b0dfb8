//! From whose address mail comes.

use contract::ErrorCode;
use contract::endpoints;
use contract::sending::{SendingDomain, WriteSendingDomain};

use crate::api::{Failure, to};

/// The address, when the organisation has one of its own.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn get() -> Result<Option<SendingDomain>, Failure> {
    match to(endpoints::GET_SENDING_DOMAIN).send().await {
        Ok(domain) => Ok(Some(domain)),
        Err(failure) if failure.code() == Some(ErrorCode::NotFound) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Sets the address.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn set(wish: &WriteSendingDomain) -> Result<SendingDomain, Failure> {
    to(endpoints::SET_SENDING_DOMAIN).body(wish).send().await
}

/// Asks DNS now.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn check() -> Result<SendingDomain, Failure> {
    to(endpoints::CHECK_SENDING_DOMAIN).send().await
}

/// Makes a new key.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn renew_key() -> Result<SendingDomain, Failure> {
    to(endpoints::RENEW_SENDING_KEY).send().await
}

/// Goes back to Ringside's own address.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove() -> Result<(), Failure> {
    to(endpoints::REMOVE_SENDING_DOMAIN).send().await.map(|_| ())
}
