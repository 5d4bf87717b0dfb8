//! From whose address an organisation's mail comes.
//!
//! An organisation names an address of its own. Its mail is signed for that domain (DKIM, RFC 6376) and comes
//! from there once the key's record was found in DNS; until then, and when the record goes, mail comes from
//! Ringside's own address, so that it always arrives. A new key signs once its record is found; then the one
//! before ends. DNS is asked when somebody asks, and every night.

mod dkim;
mod jobs;
mod queries;
mod routes;
mod service;
mod verdict;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use dkim::Sender;
pub(crate) use jobs::jobs;
pub(crate) use service::sender;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::get_sending_domain)
        .service(routes::set_sending_domain)
        .service(routes::remove_sending_domain)
        .service(routes::check_sending_domain)
        .service(routes::renew_sending_key);
}
