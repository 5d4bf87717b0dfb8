//! The token endpoint and its neighbours: codes and refresh tokens are traded once. What comes back a
//! second time was copied, and all tokens of its family end.

mod form;
mod grants;
mod id_token;
mod jobs;
mod queries;
mod routes;
mod service;
mod userinfo;

pub(crate) use jobs::jobs;
use utoipa_actix_web::service_config::ServiceConfig;

/// With what each access token begins.
pub(crate) const ACCESS_PREFIX: &str = "rso_";
/// With what each refresh token begins.
const REFRESH_PREFIX: &str = "rsf_";

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::issue_tokens)
        .service(routes::introspect_token)
        .service(routes::give_up_token)
        .service(userinfo::get_userinfo)
        .service(userinfo::post_userinfo);
}
