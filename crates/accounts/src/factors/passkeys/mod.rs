//! Passkeys and security keys (WebAuthn, level 3). A key checks who holds it (user verification), so it
//! signs in alone where it can be found without a name, and counts as the second factor elsewhere. A
//! key whose counter goes back is a copy and is refused.

pub(super) mod queries;
mod relying_party;
mod routes;
mod service;

pub(crate) use relying_party::RelyingParty;
pub(super) use service::{ask, begin_sign_in, identify, verify};
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::start_passkey)
        .service(routes::add_passkey)
        .service(routes::rename_passkey)
        .service(routes::remove_passkey);
}
