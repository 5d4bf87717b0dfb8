//! Rooms of a team (Slack, Discord, Teams, PagerDuty) and the topics that are told there.
//!
//! Whoever knows a room's address may write into it, so the address goes in and does not come out. A room whose
//! address leads nowhere any more is switched off by itself and says why.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_destinations)
        .service(routes::create_destination)
        .service(routes::update_destination)
        .service(routes::delete_destination)
        .service(routes::test_destination);
}
