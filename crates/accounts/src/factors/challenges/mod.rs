//! Questions put to people: prove who you are. Signing in puts one where a second factor is set up or
//! the attempt looks risky; a confirmation puts one to somebody signed in. A question takes one right
//! answer and five tries, from whoever holds its secret (or session), for a few minutes.

pub(super) mod code;
mod jobs;
pub(super) mod queries;
mod routes;
pub(super) mod service;
mod sign_in;

pub(super) use jobs::jobs;
pub(crate) use sign_in::admit;
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::begin_passkey_sign_in)
        .service(routes::mail_challenge_code)
        .service(routes::begin_challenge_passkey)
        .service(routes::answer_challenge);
}
