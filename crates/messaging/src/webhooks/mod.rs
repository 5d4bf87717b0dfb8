//! Webhooks: an organisation's own systems are told what happens, as Standard Webhooks 1.0 says.
//!
//! A fact becomes one delivery for each endpoint that listens to it, in the transaction that hands the fact on;
//! its id travels as `webhook-id` and stays the same however often it is sent. Each attempt is noted with what
//! was sent and answered. An attempt that fails is followed by others after growing pauses ([`schedule`]), a
//! receiver that answers `410 Gone` or fails for five days is sent nothing more until somebody switches it on.

mod jobs;
mod log;
mod queries;
mod routes;
mod schedule;
mod sending;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use jobs::jobs;
pub(crate) use queries::forget;
pub use service::{Disabled, announce, disabled};

/// The facts webhooks tell of; [`announce`] reacts to them.
pub const FACTS: &[&str] = &[
    "event_changed",
    "availability_changed",
    "order_placed",
    "order_paid",
    "order_expired",
    "order_cancelled",
    "payment_to_refund",
    "ticket_admitted",
    "ticket_revoked",
    "inbound_received",
];

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_webhook_event_types)
        .service(routes::list_webhook_endpoints)
        .service(routes::create_webhook_endpoint)
        .service(routes::get_webhook_endpoint)
        .service(routes::update_webhook_endpoint)
        .service(routes::delete_webhook_endpoint)
        .service(routes::rotate_webhook_secret)
        .service(routes::test_webhook_endpoint)
        .service(log::replay_webhooks)
        .service(log::list_webhook_deliveries)
        .service(log::get_webhook_delivery)
        .service(log::replay_webhook_delivery);
}
