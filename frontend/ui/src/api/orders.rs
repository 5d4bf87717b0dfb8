//! Orders and tickets of the person at this screen.

use contract::endpoints;
use contract::orders::{Order, OrderSummary, PlaceOrder};
use contract::page::Page;
use contract::tickets::Ticket;

use super::{Failure, to};

/// Places an order.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn place(order: &PlaceOrder, intent: &str) -> Result<Order, Failure> {
    to(endpoints::PLACE_ORDER).body(order).intent(intent).send().await
}

/// One order; a guest shows the secret.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(order: &str, access: Option<&str>) -> Result<Order, Failure> {
    to(endpoints::GET_ORDER).at(&[order]).access(access).send().await
}

/// Cancels an order that is not paid.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn cancel(order: &str, access: Option<&str>, intent: &str) -> Result<Order, Failure> {
    to(endpoints::CANCEL_ORDER).at(&[order]).access(access).intent(intent).send().await
}

/// The orders of the person signed in, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn mine() -> Result<Page<OrderSummary>, Failure> {
    to(endpoints::LIST_MY_ORDERS).send().await
}

/// The tickets of the person signed in, soonest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn my_tickets() -> Result<Page<Ticket>, Failure> {
    to(endpoints::LIST_MY_TICKETS).send().await
}

/// The PDF with all tickets of an order, as bytes.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn pdf(order: &str, access: Option<&str>) -> Result<Vec<u8>, Failure> {
    to(endpoints::GET_ORDER_PDF).at(&[order]).access(access).bytes().await
}

/// The QR of a ticket as SVG text with a quiet zone.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn ticket_qr(ticket: &str, access: Option<&str>) -> Result<Vec<u8>, Failure> {
    to(endpoints::GET_TICKET_QR)
        .at(&[ticket])
        .access(access)
        .query("format", "svg")
        .query("size", "512")
        .bytes()
        .await
}
