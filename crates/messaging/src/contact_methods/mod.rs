//! How a person is reached besides their mail address: a phone, a chat with an organisation's account, a browser.
//!
//! A chat is proved by a code that is written there ([`links::claim`]), a phone by a code that is sent there, a browser by
//! the press that lets it notify. What is kept of an address is sealed, and a keyed digest by which it is known again.

mod browsers;
mod jobs;
mod links;
mod phones;
mod privacy;
pub(crate) mod queries;
mod routes;
mod service;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use jobs::jobs;
pub(crate) use links::claim;
pub(crate) use phones::LASTS as CODE_LASTS;
pub use privacy::Notifications;
pub(crate) use service::digests;
pub(crate) use words::CODE;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_contact_methods)
        .service(routes::list_contact_offers)
        .service(routes::start_contact_link)
        .service(routes::add_phone)
        .service(routes::add_browser)
        .service(routes::confirm_contact)
        .service(routes::test_contact)
        .service(routes::remove_contact)
        .service(routes::get_push_key)
        .service(routes::renew_browser);
}
