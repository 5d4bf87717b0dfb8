//! Attempts to pay.

use contract::endpoints;
use contract::payments::{Payment, PaymentMethod, StartPayment};

use super::{Failure, to};

/// Begins to pay an order by PromptPay, or goes on with the attempt that waits.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn start(order: &str, access: Option<&str>, intent: &str) -> Result<Payment, Failure> {
    let method = PaymentMethod::Promptpay;
    to(endpoints::START_PAYMENT)
        .at(&[order])
        .access(access)
        .body(&StartPayment { method })
        .intent(intent)
        .send()
        .await
}

/// The PromptPay QR of a payment, `format` being `svg` or `png`.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn qr(payment: &str, access: Option<&str>, format: &'static str) -> Result<Vec<u8>, Failure> {
    let call = to(endpoints::GET_PAYMENT_QR).at(&[payment]).access(access);
    call.query("format", format).query("size", "1024").bytes().await
}
