//! Identities: who a person is to a provider. One belongs to one account for good; its owner sees it and
//! may take it off.

pub(crate) mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_identities).service(routes::remove_identity);
}
