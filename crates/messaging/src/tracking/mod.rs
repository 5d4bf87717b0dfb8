//! Openings and clicks, counted for readers who agreed. Without that a letter carries no picture and its links are
//! plain. With it, and only in an organisation's letters, links lead by `/m/{token}` and a picture lies at
//! `/m/o/{token}`; both are put in when the letter leaves, so what is kept of it stays as it was written. A token
//! leads to what stands in its own letter and nowhere else.
//!
//! The consent is that of an address, as its owner last said it: in their account, or on the page that optional mail
//! links to ([`crate::mail_choices`]). When it is taken back, links of letters that have left lead on, uncounted.

mod letter;
pub(crate) mod queries;
mod routes;
mod service;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use letter::{at_the_end, counted};

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(routes::get_mail_tracking).service(routes::set_mail_tracking);
}

/// The addresses that letters lead to.
pub(crate) fn pages(config: &mut web::ServiceConfig) {
    config
        .route("/m/o/{token}", web::get().to(routes::note_opening))
        .route("/m/{token}", web::get().to(routes::follow_link));
}
