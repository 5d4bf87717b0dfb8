//! Seat maps: where every place of a venue is. A map never changes: a new import makes a new one,
//! and events keep the map they were made with.

mod file;
pub(crate) mod queries;
mod routes;
pub mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_seat_maps).service(routes::import_seat_map).service(routes::get_seat_map);
}
