//! Signing in by a provider. A way out and back is an attempt: its state travels, its cookie stays in the
//! browser, and only both together begin a session. Every kind of provider ends in [`service::arrive`],
//! which says whose account it is; the session then begins as after a password.

mod attempts;
mod cookie;
mod jobs;
mod membership;
mod oidc;
mod outside;
mod routes;
pub(crate) mod saml;
mod saml_routes;
mod service;
mod token;

pub(crate) use jobs::jobs;
pub(crate) use oidc::SignOn;
pub(crate) use outside::may_ask;
use platform::state::App;
pub(crate) use service::refuse_password;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_public_providers)
        .service(routes::begin_sign_on)
        .service(routes::link_identity)
        .service(routes::return_from_provider)
        .service(routes::finish_sign_on)
        .service(saml_routes::saml_metadata)
        .service(saml_routes::answer_from_saml);
}

/// Where providers send people back to.
pub(crate) fn callback_url(app: &App) -> String {
    format!("{}/api/v1/sign-on/callback", app.config.public_url())
}
