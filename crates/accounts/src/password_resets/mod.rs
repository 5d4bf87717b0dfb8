//! New passwords: by a letter for those who forgot theirs, by the old one for those who are signed in.
//! Either way all other sessions end, and the owner hears of it.

mod jobs;
mod routes;
mod service;

pub(crate) use jobs::send;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::ask_reset).service(routes::redeem_reset).service(routes::change_password);
}
