//! Applications: registered by an organisation, which answers for what they ask. The secret of a
//! confidential one is shown once and kept as a hash.

pub(super) mod queries;
pub(super) mod redirect;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_oauth_clients)
        .service(routes::create_oauth_client)
        .service(routes::rotate_oauth_client)
        .service(routes::update_oauth_client)
        .service(routes::delete_oauth_client);
}
