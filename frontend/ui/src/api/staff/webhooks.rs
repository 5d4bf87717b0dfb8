//! Webhooks of the organisation.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::keys::RotateApiKey;
use contract::page::Page;
use contract::webhooks::{
    NewWebhookSecret, ReplayWebhooks, ReplayedWebhooks, WebhookDelivery, WebhookDeliveryLog, WebhookEndpoint,
    WebhookEventType, WriteWebhookEndpoint,
};

use crate::api::{Failure, to};

/// What webhooks can tell.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn event_types() -> Result<Vec<WebhookEventType>, Failure> {
    to(endpoints::LIST_WEBHOOK_EVENT_TYPES).send().await
}

/// Where they go, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<WebhookEndpoint>, Failure> {
    to(endpoints::LIST_WEBHOOK_ENDPOINTS).query("limit", "200").send().await
}

/// Sets an endpoint up; its secret is told this once.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn create(wish: &WriteWebhookEndpoint, intent: &str) -> Result<NewWebhookSecret, Failure> {
    to(endpoints::CREATE_WEBHOOK_ENDPOINT).body(wish).intent(intent).send().await
}

/// Changes one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn update(id: &str, wish: &WriteWebhookEndpoint) -> Result<WebhookEndpoint, Failure> {
    to(endpoints::UPDATE_WEBHOOK_ENDPOINT).at(&[id]).body(wish).send().await
}

/// Gives one a new secret.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn rotate(id: &str, overlap: &RotateApiKey, intent: &str) -> Result<NewWebhookSecret, Failure> {
    to(endpoints::ROTATE_WEBHOOK_SECRET).at(&[id]).body(overlap).intent(intent).send().await
}

/// Removes one with its log.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn delete(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::DELETE_WEBHOOK_ENDPOINT).at(&[id]).send().await
}

/// Sends one a test.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn test(id: &str, intent: &str) -> Result<WebhookDelivery, Failure> {
    to(endpoints::TEST_WEBHOOK_ENDPOINT).at(&[id]).intent(intent).send().await
}

/// Sends one again what it was sent in a time.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn replay_range(
    id: &str,
    wish: &ReplayWebhooks,
    intent: &str,
) -> Result<ReplayedWebhooks, Failure> {
    to(endpoints::REPLAY_WEBHOOKS).at(&[id]).body(wish).intent(intent).send().await
}

/// One page of what was sent, newest first; empty `endpoint` and `state` mean all.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn sent(endpoint: &str, state: &str, after: &str) -> Result<Page<WebhookDelivery>, Failure> {
    let call = to(endpoints::LIST_WEBHOOK_DELIVERIES).query("endpoint", endpoint);
    call.query("state", state).query("after", after).send().await
}

/// One webhook with its attempts.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(id: &str) -> Result<WebhookDeliveryLog, Failure> {
    to(endpoints::GET_WEBHOOK_DELIVERY).at(&[id]).send().await
}

/// Sends one again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn replay(id: &str, intent: &str) -> Result<WebhookDelivery, Failure> {
    to(endpoints::REPLAY_WEBHOOK_DELIVERY).at(&[id]).intent(intent).send().await
}
