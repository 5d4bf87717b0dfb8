//! What providers report: what became of messages, who wants none any more, and what people write back.
//!
//! Each account has an address of its own for it. A report counts when it is signed with the account's key, and then
//! only as far as it goes: it says something of messages of this account's organisation, and a message goes on as
//! [`contract::deliveries::DeliveryState::leads_to`] allows. So what comes late, twice or in another order is harmless.

mod jobs;
mod line;
mod meta;
mod proof;
mod queries;
mod routes;
mod service;
mod twilio;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use jobs::jobs;

/// What a report may have: Meta gathers up to 3 MB in one.
const MOST_BYTES: usize = 3 << 20;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(
        utoipa_actix_web::scope("/provider-reports")
            .app_data(platform::http::BodyLimit(MOST_BYTES))
            .configure(|config: &mut ServiceConfig| {
                config.service(routes::receive_provider_report).service(routes::verify_provider_reports);
            }),
    );
}
