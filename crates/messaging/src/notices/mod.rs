//! Notices: what a person is told in the web app, once for each cause, kept until they have read it and longer.
//! The same notice also goes by the ways the person wants ([`crate::preferences`]), as deliveries like any other.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub use service::{Notice, Reader, tell, tell_rooms};

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_notices)
        .service(routes::count_notices)
        .service(routes::mark_notice)
        .service(routes::mark_all_notices);
}
