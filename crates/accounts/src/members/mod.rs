//! Members: who belongs to an organisation, and in which role. They come by invitation. Nobody gives or
//! takes a role that allows more than they may do; only an owner makes or unmakes an owner, and one owner
//! always remains.

pub(crate) mod queries;
mod routes;
mod service;

pub use service::{count_staff, staff, who_may};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_members).service(routes::change_role).service(routes::remove_member);
}
