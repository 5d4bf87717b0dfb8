//! Second factors: what proves who somebody is beside a password. A person may have an authenticator
//! app, passkeys and recovery codes; a mailed code is always there. Each proof is good once.

mod challenges;
mod confirmations;
mod letters;
mod passkeys;
mod policy;
mod queries;
mod recovery;
mod routes;
mod secrets;
mod totp;

use platform::jobs::Registry;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use challenges::admit;
pub(crate) use passkeys::RelyingParty;
pub(crate) use queries::has_factor;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    challenges::configure(cfg);
    confirmations::configure(cfg);
    cfg.service(routes::get_factors);
    totp::configure(cfg);
    recovery::configure(cfg);
    passkeys::configure(cfg);
    policy::configure(cfg);
}

pub(crate) fn jobs(registry: &mut Registry) {
    challenges::jobs(registry);
}
