//! Mail domains of organisations. Whoever can publish a record in a domain's DNS owns it; a proven domain
//! belongs to one organisation, and its people are known by their addresses. The record has to stay: a timer
//! looks for it, and without it the domain is lost after a week.

mod jobs;
mod queries;
mod routes;
mod service;

pub(crate) use jobs::jobs;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_domains)
        .service(routes::claim_domain)
        .service(routes::verify_domain)
        .service(routes::remove_domain);
}
