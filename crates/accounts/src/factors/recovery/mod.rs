//! Recovery codes: ten at a time, each good once, for the day the phone is lost.

mod queries;
mod routes;
mod service;

pub(super) use service::{end_with_last_factor, renew, spend};
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::renew_recovery_codes);
}
