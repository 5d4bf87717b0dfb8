//! Authenticator apps: codes that change every 30 seconds (TOTP, RFC 6238), the kind every app knows:
//! SHA-1, six digits. A code of the step before or after is taken, each step once.

mod queries;
mod routes;
mod service;

pub(super) use service::spend;
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::start_totp).service(routes::confirm_totp).service(routes::remove_totp);
}
