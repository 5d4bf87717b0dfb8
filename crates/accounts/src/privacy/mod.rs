//! Privacy (GDPR, Thai PDPA): a copy of everything there is of a person, being forgotten, what people
//! agree to, how long things are kept, and who was touched by a breach.

mod admin;
mod breach;
pub(crate) mod consents;
mod holder;
mod jobs;
mod queries;
mod routes;
mod service;
mod unproven;

use utoipa_actix_web::service_config::ServiceConfig;

pub use consents::Consents;
pub use holder::People;
pub use jobs::{Print, jobs};
pub use service::subject;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::request_export)
        .service(routes::get_export)
        .service(routes::download_export)
        .service(routes::request_erasure)
        .service(routes::get_erasure)
        .service(routes::cancel_erasure)
        .service(routes::list_consents)
        .service(routes::give_consent)
        .service(admin::list_policies)
        .service(admin::publish_policy)
        .service(admin::list_retention)
        .service(admin::choose_retention)
        .service(admin::get_breach_report);
}
