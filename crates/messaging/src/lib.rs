//! Reaching people and other systems. What is said to people is a [`letters::Letter`]; each one on its way is a
//! [`deliveries`] row, written in the transaction that causes it, and carried by a job. Systems are told what
//! happens by [`webhooks`], and tell us by [`inbound`] ones.

pub mod announcements;
mod channel_accounts;
mod channels;
mod contact_methods;
pub mod deliveries;
mod destinations;
pub mod inbound;
pub mod letters;
pub mod live;
pub mod notices;
mod preferences;
pub mod privacy;
mod provider_reports;
mod sending_domain;
mod signature;
pub mod templates;
pub mod webhooks;

use platform::jobs::Registry;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the area's routes.
pub fn configure(config: &mut ServiceConfig) {
    deliveries::configure(config);
    sending_domain::configure(config);
    channel_accounts::configure(config);
    destinations::configure(config);
    provider_reports::configure(config);
    webhooks::configure(config);
    inbound::configure(config);
    notices::configure(config);
    announcements::configure(config);
    templates::configure(config);
    contact_methods::configure(config);
    preferences::configure(config);
}

/// Registers the area's jobs.
pub fn jobs(registry: &mut Registry) {
    deliveries::jobs(registry);
    provider_reports::jobs(registry);
    sending_domain::jobs(registry);
    contact_methods::jobs(registry);
    webhooks::jobs(registry);
    templates::jobs(registry);
}
