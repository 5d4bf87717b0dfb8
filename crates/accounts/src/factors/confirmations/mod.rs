//! Confirmations: somebody signed in proves once more who they are, before what matters most. The
//! session then counts as confirmed for [`platform::guard::CONFIRMATION_LASTS`].

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::start_confirmation)
        .service(routes::mail_confirmation_code)
        .service(routes::begin_confirmation_passkey)
        .service(routes::prove_identity);
}
