//! `/jobs`: what waits, what was given up, and what can be done about it; for those who run Ringside.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::get_jobs)
        .service(routes::list_dead_jobs)
        .service(routes::retry_dead_jobs)
        .service(routes::retry_dead_job)
        .service(routes::discard_dead_job);
}
