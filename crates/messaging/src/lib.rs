//! Reaching people and other systems. What is said to people is a [`letters::Letter`]; each one on its way is a
//! [`deliveries`] row, written in the transaction that causes it, and carried by a job. Systems are told what
//! happens by [`webhooks`], and tell us by [`inbound`] ones. What readers and their mail servers say of mail is the
//! affair of [`mail_choices`], [`tracking`], [`bounces`] and [`suppressions`].

pub mod announcements;
mod bounces;
mod channel_accounts;
mod channels;
mod contact_methods;
pub mod deliveries;
mod destinations;
pub mod inbound;
pub mod letters;
pub mod live;
mod mail_choices;
mod mail_tokens;
pub mod notices;
mod preferences;
pub mod privacy;
mod provider_reports;
mod sending_domain;
mod signature;
mod suppressions;
pub mod templates;
mod tracking;
pub mod webhooks;

use actix_web::web;
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
    suppressions::configure(config);
    bounces::configure(config);
    tracking::configure(config);
}

/// Mounts what letters lead to, outside the API.
pub fn pages(config: &mut web::ServiceConfig) {
    mail_choices::pages(config);
    tracking::pages(config);
}

/// Registers the area's jobs.
pub fn jobs(registry: &mut Registry) {
    deliveries::jobs(registry);
    provider_reports::jobs(registry);
    sending_domain::jobs(registry);
    contact_methods::jobs(registry);
    webhooks::jobs(registry);
    templates::jobs(registry);
    bounces::jobs(registry);
}
