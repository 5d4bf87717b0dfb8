//! Letters in an organisation's own words. A template is of one kind of letter and has versions: a draft is
//! written, published, and one day retired. Each is a document of blocks in up to eight languages; a language
//! that is missing is stood in for by the template's default, then by English.
//!
//! What is saved has been checked against the kind's catalogue and compiled already (MJML, styles put into
//! the elements); a letter only fills the values in. When even that fails, Ringside's own letter goes out:
//! nobody waits for their tickets because of a template. Letters about an account have no templates: what they
//! warn of must not be in the hands of whoever took an organisation over.

mod compile;
pub mod example;
mod experiments;
mod inline;
mod jobs;
mod preview;
mod queries;
mod render;
mod routes;
mod service;
mod starting;
mod values;

use std::sync::Arc;

use contract::templates::LetterKind;
use domain::Locale;
use futures_util::future::LocalBoxFuture;
use platform::error::ApiResult;
use platform::state::App;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::letters::Letter;

pub use experiments::note_event;
pub(crate) use jobs::jobs;
pub(crate) use service::write;

/// Finds letters about something that happened; implemented where orders are known, and put into the app's
/// data as `web::Data<RealLetters>`. Without it previews show the example.
pub trait FindLetters: Send + Sync {
    /// The letter about the organisation's latest order; none when there is none. Codes, secrets and files
    /// are left out of it: it is shown to staff.
    fn latest<'a>(
        &'a self,
        app: &'a App,
        org: Uuid,
        kind: LetterKind,
        locale: Locale,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Letter>>>;
}

/// What finds them.
pub type RealLetters = Arc<dyn FindLetters>;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_letter_kinds)
        .service(routes::list_templates)
        .service(routes::create_template)
        .service(routes::get_template)
        .service(routes::update_template)
        .service(routes::delete_template)
        .service(routes::get_template_version)
        .service(routes::save_draft)
        .service(routes::revert_template)
        .service(routes::publish_template)
        .service(routes::preview_template)
        .service(routes::send_test)
        .service(routes::start_experiment)
        .service(routes::get_experiment)
        .service(routes::stop_experiment);
}
