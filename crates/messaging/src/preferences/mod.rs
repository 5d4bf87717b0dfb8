//! What reaches a person, by which ways, and when they want quiet. Where they have said nothing, the topic's own rule holds
//! ([`contract::channels::Topic::wanted_at_first`]).

mod queries;
pub(crate) mod quiet;
mod routes;
mod service;
pub(crate) mod ways;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::get_preferences)
        .service(routes::change_preferences)
        .service(routes::set_quiet_hours)
        .service(routes::remove_quiet_hours);
}
