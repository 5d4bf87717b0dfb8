//! Deliveries: one message on its way to one person or one room, by whichever channel.
//!
//! A delivery is written in the transaction that causes it, with everything that is said, and the same
//! cause writes no second one. A job carries it: without a mail server or provider it is `kept` to be read here;
//! with one it is `sent`, or tried again with growing pauses until it is `failed`, which a person may retry.
//! Where it may go from each state says [`contract::deliveries::DeliveryState::leads_to`].

mod jobs;
mod mail;
mod queries;
mod ready;
mod reports;
mod routes;
mod service;
mod statistics;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use jobs::jobs;
pub(crate) use queries::Outgoing;
pub use queries::{Kept, kept_letters};
pub(crate) use reports::reported;
pub(crate) use service::post;
pub use service::{Mail, Message, Recipient, Way, queue, send};

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_deliveries)
        // Before what is found by id.
        .service(routes::delivery_statistics)
        .service(routes::get_delivery)
        .service(routes::get_attachment)
        .service(routes::retry_delivery);
}
