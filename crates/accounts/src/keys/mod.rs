//! API keys: how programs act in an organisation. A key belongs to the organisation, not to whoever
//! made it, and does no more than its maker might. Its secret is shown once and kept as a hash; after a
//! rotation the old one goes on for a while, so that nothing stops meanwhile.

mod authenticate;
mod queries;
mod routes;
mod secret;
mod service;
mod usage;

pub(crate) use secret::PREFIX;
pub use usage::write_key_uses;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_keys)
        .service(routes::create_key)
        .service(routes::rotate_key)
        .service(routes::revoke_key)
        .service(routes::get_key_usage);
}
