//! Addresses that are written to no more: mail came back for good, its reader complained, or somebody entered it by
//! hand. What is held back ends `suppressed` and says why. The list is an organisation's own; what happens to the
//! letters about accounts, which are nobody's, stands in the list of the organisation that runs Ringside.

mod csv;
pub(crate) mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use service::held_back;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_suppressions)
        .service(routes::export_suppressions)
        .service(routes::add_suppression)
        .service(routes::remove_suppression);
}
