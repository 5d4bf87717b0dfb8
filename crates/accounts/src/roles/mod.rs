//! Custom roles: what an organisation puts together from permissions. Nobody puts into a role, or
//! changes in one, what they do not hold; a role that is carried stays.

pub(crate) mod queries;
mod routes;
mod service;

pub(crate) use service::given;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_roles)
        .service(routes::create_role)
        .service(routes::update_role)
        .service(routes::delete_role);
}
