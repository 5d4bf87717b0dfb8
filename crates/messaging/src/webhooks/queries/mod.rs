//! Every statement about webhooks.

mod deliveries;
mod endpoints;
mod log;

use platform::error::ApiError;

pub(super) use deliveries::{
    Due, drop_delivery, due, insert_attempt, insert_delivery, listening, note, overdue,
};
pub(super) use endpoints::{
    SecretRow, count, delete, disable, end_secrets, endpoint, endpoints, insert_secret, lock, secrets,
    set_failing, write,
};
pub(crate) use log::forget;
pub(super) use log::{Filter, attempts, delivery, list, payload, queue_again, queue_range_again};

fn unknown(what: &str) -> ApiError {
    ApiError::internal(anyhow::anyhow!("a webhook has an unknown {what}"))
}
