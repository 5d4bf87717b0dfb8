//! Inbound webhooks of the organisation.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::inbound::{InboundEvent, InboundEventLog, InboundSource, NewInboundSource, WriteInboundSource};
use contract::page::Page;

use crate::api::{Failure, to};

/// Who may tell us something, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<InboundSource>, Failure> {
    to(endpoints::LIST_INBOUND_SOURCES).query("limit", "200").send().await
}

/// Sets a source up; its secret is told this once.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn create(wish: &WriteInboundSource, intent: &str) -> Result<NewInboundSource, Failure> {
    to(endpoints::CREATE_INBOUND_SOURCE).body(wish).intent(intent).send().await
}

/// Changes one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn update(id: &str, wish: &WriteInboundSource) -> Result<InboundSource, Failure> {
    to(endpoints::UPDATE_INBOUND_SOURCE).at(&[id]).body(wish).send().await
}

/// Removes one with its log.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn delete(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::DELETE_INBOUND_SOURCE).at(&[id]).send().await
}

/// One page of what came, newest first; empty `refused` means all.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn received(refused: &str, after: &str) -> Result<Page<InboundEvent>, Failure> {
    to(endpoints::LIST_INBOUND_EVENTS).query("refused", refused).query("after", after).send().await
}

/// One message with its body.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(id: &str) -> Result<InboundEventLog, Failure> {
    to(endpoints::GET_INBOUND_EVENT).at(&[id]).send().await
}

/// Takes one in again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn replay(id: &str, intent: &str) -> Result<InboundEvent, Failure> {
    to(endpoints::REPLAY_INBOUND_EVENT).at(&[id]).intent(intent).send().await
}
