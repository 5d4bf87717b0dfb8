//! People: one account each, named by an address. An address belongs to one person, however its
//! letters are typed. Whether an address has an account is told by mail only, to those who read it.

mod jobs;
pub(crate) mod queries;
mod routes;
mod service;

pub(crate) use jobs::jobs;
pub use queries::{addressee, me, name};
pub(crate) use service::{open_proven, reset_page};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::sign_up)
        .service(routes::verify_address)
        .service(routes::resend_verification)
        .service(routes::get_me)
        .service(routes::update_me);
}
