//! Messages on their way to people.

use contract::deliveries::{Delivery, DeliveryStatistics, DeliverySummary};
use contract::endpoints;
use contract::page::Page;

use crate::api::{Failure, to};

/// One page of messages, newest first; empty `state`, `channel` and `q` mean all.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(
    state: &str,
    channel: &str,
    q: &str,
    after: &str,
) -> Result<Page<DeliverySummary>, Failure> {
    let call = to(endpoints::LIST_DELIVERIES).query("state", state).query("channel", channel);
    call.query("q", q).query("after", after).send().await
}

/// What became of the messages of the last `days`.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn statistics(days: u16) -> Result<DeliveryStatistics, Failure> {
    to(endpoints::DELIVERY_STATISTICS).query("days", days.to_string()).send().await
}

/// One message with its text.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(delivery: &str) -> Result<Delivery, Failure> {
    to(endpoints::GET_DELIVERY).at(&[delivery]).send().await
}

/// A file attached to a message.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn attachment(delivery: &str, attachment: &str) -> Result<Vec<u8>, Failure> {
    to(endpoints::GET_ATTACHMENT).at(&[delivery, attachment]).bytes().await
}

/// Sends a failed message again.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn retry(delivery: &str, intent: &str) -> Result<Delivery, Failure> {
    to(endpoints::RETRY_DELIVERY).at(&[delivery]).intent(intent).send().await
}
