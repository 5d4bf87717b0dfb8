//! Teams: members who are given rights together. Whoever puts somebody into a team gives them all the
//! team holds, and so must hold it.

pub(crate) mod queries;
mod routes;
mod service;

pub(crate) use service::may_join;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_teams)
        .service(routes::create_team)
        .service(routes::rename_team)
        .service(routes::delete_team)
        .service(routes::join_team)
        .service(routes::leave_team);
}
