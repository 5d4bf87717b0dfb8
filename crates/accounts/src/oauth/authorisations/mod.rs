//! A person whom an application sent: whether it may ask, what they are asked, what they answered. What
//! they allowed is remembered until they take it back.

mod queries;
mod request;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::view_authorisation)
        .service(routes::decide_authorisation)
        .service(routes::list_connections)
        .service(routes::end_connection);
}
