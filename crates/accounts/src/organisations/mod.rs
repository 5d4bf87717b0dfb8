//! Organisations: the tenants. Whoever founds one owns it.

pub(crate) mod queries;
mod routes;
mod service;

pub use queries::who_runs_ringside;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_organisations).service(routes::create_organisation);
}
