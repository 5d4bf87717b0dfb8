//! Tokens given up before their time. A session's end is seen at once anyway; this is for a single access
//! token that got into wrong hands: whoever holds one may give it up (RFC 7009).

pub(crate) mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::revoke_token);
}
