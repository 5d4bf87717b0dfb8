//! People: one account each, named by an address. An address belongs to one person, however its
//! letters are typed.

pub(crate) mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::sign_up).service(routes::get_me);
}
