//! Reaching people. What is said is a [`letters::Letter`]; each one on its way is a [`deliveries`] row,
//! written in the transaction that causes it, and carried by a job.

pub mod deliveries;
pub mod letters;
pub mod privacy;
mod smtp;
pub mod templates;

use platform::jobs::Registry;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the area's routes.
pub fn configure(config: &mut ServiceConfig) {
    deliveries::configure(config);
    templates::configure(config);
}

/// Registers the area's jobs.
pub fn jobs(registry: &mut Registry) {
    deliveries::jobs(registry);
    templates::jobs(registry);
}
