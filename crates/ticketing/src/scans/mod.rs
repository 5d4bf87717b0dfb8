//! Scans: one reading of a ticket at a gate. A ticket admits once, whoever reads it when; every
//! reading that tells something about a ticket is kept, also those that were refused.

pub(crate) mod queries;
mod reading;
mod routes;
pub(crate) mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::record_scan).service(routes::list_scans);
}
