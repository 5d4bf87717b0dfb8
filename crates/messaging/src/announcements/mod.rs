//! Announcements: what an organisation tells those who work for it. Written here; the server's wiring knows who
//! works for it and tells them one after the other, and pages see how far that has got.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub use service::{Waiting, counted, told, waiting};

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(routes::list_announcements).service(routes::announce).service(routes::get_announcement);
}
