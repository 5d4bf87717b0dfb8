//! Identity providers: where an organisation's people sign in instead of here. What all kinds share
//! stands in columns; what one kind needs to know is its settings, and its secret is sealed. The
//! platform's own providers let anybody in and make nobody a member.

pub(crate) mod queries;
mod roles;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use roles::{chosen, must_be_given};
pub(crate) use service::Provider;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_identity_providers)
        .service(routes::read_saml_metadata)
        .service(routes::create_identity_provider)
        .service(routes::update_identity_provider)
        .service(routes::remove_identity_provider)
        .service(routes::test_identity_provider);
}
