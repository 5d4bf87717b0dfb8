//! Applications that ask to act for the person, and those they let.

use contract::Page;
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::oauth::{AuthorisationStep, Connection, DecideAuthorisation, ViewAuthorisation};

use super::{Failure, to};

/// What comes next for the person whom an application sent.
///
/// # Errors
/// [`Failure`]; with fields when the application or its address is unknown.
pub async fn view(query: String) -> Result<AuthorisationStep, Failure> {
    to(endpoints::VIEW_AUTHORISATION).body(&ViewAuthorisation { query }).send().await
}

/// Allows or denies it.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn decide(decision: &DecideAuthorisation) -> Result<AuthorisationStep, Failure> {
    to(endpoints::DECIDE_AUTHORISATION).body(decision).send().await
}

/// The applications the person lets act for them.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn connections() -> Result<Page<Connection>, Failure> {
    to(endpoints::LIST_CONNECTIONS).send().await
}

/// Takes back what an application was allowed.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn end(id: uuid::Uuid) -> Result<Nothing, Failure> {
    to(endpoints::END_CONNECTION).at(&[&id.to_string()]).send().await
}
