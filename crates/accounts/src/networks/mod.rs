//! From which networks members may act in the organisation. Elsewhere they are themselves, and nobody
//! in the organisation.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::get_networks).service(routes::set_networks);
}
