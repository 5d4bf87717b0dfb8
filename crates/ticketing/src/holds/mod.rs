//! Holds: short claims on places before payment. All of the places or none; whoever knows the hold's
//! secret may order what it claims or give it back. A hold that has run out claims nothing, whether
//! or not it has been tidied away yet.

mod best;
mod jobs;
pub(crate) mod queries;
mod routes;
pub(crate) mod service;

use platform::jobs::Registry;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::place_hold).service(routes::hold_best).service(routes::release_hold);
}

pub(crate) fn jobs(registry: &mut Registry) {
    jobs::register(registry);
}
