//! Ringside as authorisation server (OAuth 2.1) and `OpenID` provider. An application belongs to an
//! organisation. It acts for itself, or for a person who let it: then it may do what both the person and
//! the scopes allow, at any moment. Codes and tokens are random and kept as hashes, so that what is taken
//! back is over at once.

mod authenticate;
mod authorisations;
mod clients;
mod discovery;
mod refusal;
mod scopes;
mod signer;
mod tokens;

#[cfg(test)]
pub(crate) use authenticate::SHOWN;
pub(crate) use authenticate::program;
pub use discovery::{discovery, public_keys};
use platform::jobs::Registry;
pub(crate) use signer::Signer;
pub(crate) use tokens::ACCESS_PREFIX;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    clients::configure(cfg);
    authorisations::configure(cfg);
    tokens::configure(cfg);
}

pub(crate) fn jobs(registry: &mut Registry) {
    tokens::jobs(registry);
    signer::jobs(registry);
}
