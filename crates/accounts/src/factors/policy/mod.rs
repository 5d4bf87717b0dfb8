//! How the members of an organisation have to sign in: whether a second factor is asked of all of
//! them. A member without one may then do nothing there but set one up.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::get_sign_in_policy).service(routes::change_sign_in_policy);
}
