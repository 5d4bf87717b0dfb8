//! Venues: the places where fights happen. A venue belongs to one organisation; when it is open to
//! promoters, every organisation may see and book it, but only its owner changes it.

pub(crate) mod queries;
mod routes;
pub mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_venues).service(routes::create_venue).service(routes::get_venue);
}
