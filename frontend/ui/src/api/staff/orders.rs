//! The organisation's orders.

use contract::endpoints;
use contract::orders::{Order, OrderSummary};
use contract::page::Page;
use contract::payments::ConfirmPayment;

use crate::api::{Failure, to};

/// What a list of orders is narrowed to; empty means all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// An event's id.
    pub event: String,
    /// A state's name.
    pub state: String,
    /// Words of the reference, the name or the address.
    pub q: String,
}

/// One page of orders, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(filter: &Filter, after: &str) -> Result<Page<OrderSummary>, Failure> {
    let call = to(endpoints::LIST_ORDERS).query("event", &filter.event).query("state", &filter.state);
    call.query("q", &filter.q).query("after", after).send().await
}

/// The same list as a CSV file.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn csv(filter: &Filter) -> Result<Vec<u8>, Failure> {
    let call = to(endpoints::EXPORT_ORDERS).query("event", &filter.event).query("state", &filter.state);
    call.query("q", &filter.q).bytes().await
}

/// One order.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(order: &str) -> Result<Order, Failure> {
    to(endpoints::GET_ORDER).at(&[order]).send().await
}

/// Cancels an order.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn cancel(order: &str, intent: &str) -> Result<Order, Failure> {
    to(endpoints::CANCEL_ORDER).at(&[order]).intent(intent).send().await
}

/// Says that the money of a payment arrived.
///
/// # Errors
/// [`Failure`]; with `amount_mismatch` nothing changed.
pub async fn confirm(payment: &str, seen: &ConfirmPayment, intent: &str) -> Result<Order, Failure> {
    to(endpoints::CONFIRM_PAYMENT).at(&[payment]).body(seen).intent(intent).send().await
}

/// The PDF with all tickets of an order.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn pdf(order: &str) -> Result<Vec<u8>, Failure> {
    to(endpoints::GET_ORDER_PDF).at(&[order]).bytes().await
}
