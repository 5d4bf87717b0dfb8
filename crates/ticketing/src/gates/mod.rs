//! Gates: the doors of a venue where tickets are read.

pub(crate) mod queries;
mod routes;
pub mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_gates).service(routes::create_gate);
}
