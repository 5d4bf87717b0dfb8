//! Grants: a role beside a member's own, for them or their team, reaching the whole organisation, one
//! event or one venue.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_grants).service(routes::create_grant).service(routes::end_grant);
}
