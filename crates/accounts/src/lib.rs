//! People, their sessions, the organisations they belong to and what they may do there.

mod attempts;
pub mod audit;
mod authenticate;
mod cidr;
mod domains;
mod factors;
mod grants;
mod identities;
mod identity_providers;
mod invitations;
mod keys;
mod known;
mod links;
mod members;
mod networks;
mod oauth;
mod organisations;
mod password_resets;
mod passwords;
mod people;
mod post;
pub mod privacy;
mod random_secret;
mod revocations;
mod rights;
mod risk;
mod roles;
mod sessions;
mod sign_on;
mod teams;
mod threats;
mod tokens;

use std::sync::Arc;

use platform::jobs::Registry;
use platform::state::App;
use platform::uses::UseCounter;
use utoipa_actix_web::service_config::ServiceConfig;

pub use keys::write_key_uses;
pub use members::{count_staff, staff, who_may};
pub use oauth::{discovery, public_keys};
pub use organisations::who_runs_ringside;
pub use passwords::Passwords;
pub use people::{addressee, me, name};
pub use post::{Addressee, PostLetter};
pub use tokens::{
    ACCESS_LIFETIME, AccessClaims, AccessKeys, AccessToken, OpaqueToken, REFRESH_LIFETIME, RefreshToken,
};

/// What the key of tries to sign in is derived for.
pub(crate) const KEY_OF_ATTEMPTS: &str = "sign-in attempts";

/// What the routes of this crate need beside the app: in the app's data as `web::Data<Accounts>`,
/// and once more as `Arc<dyn Authenticate>`.
#[derive(Clone)]
pub struct Accounts {
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
    /// Signs and checks access tokens.
    pub keys: AccessKeys,
    /// Under which tries to sign in are counted, and by which known devices are told.
    attempts_key: [u8; 32],
    /// Who we are to passkeys.
    relying_party: factors::RelyingParty,
    /// Whether people reach us by HTTPS, so that cookies may insist on it.
    https: bool,
    /// Who was recognised a moment ago.
    known: known::Known,
    /// How providers of organisations are asked.
    sign_on: sign_on::SignOn,
    /// How often API keys are used.
    key_uses: Arc<UseCounter>,
    /// Signs ID tokens.
    signer: oauth::Signer,
}

impl Accounts {
    /// Accounts of an app: keys come from its master key, the cost of a password from its settings.
    ///
    /// # Errors
    /// When the settings for passwords lie outside what Argon2 allows, or the public address is no URL.
    pub fn new(app: &App) -> anyhow::Result<Self> {
        Ok(Self {
            passwords: Passwords::new(app.config.password_memory_kib, app.config.password_iterations)?,
            keys: AccessKeys::of_generation(&app.keys, app.config.access_key_generation),
            attempts_key: app.keys.derive(KEY_OF_ATTEMPTS),
            relying_party: factors::RelyingParty::at(&app.config.public_url())?,
            https: app.config.public_url().starts_with("https://"),
            known: known::Known::new(),
            sign_on: sign_on::SignOn::new(&app.config),
            key_uses: Arc::clone(&app.key_uses),
            signer: oauth::Signer::default(),
        })
    }
}

/// The routes, below `/api/v1`.
pub fn configure(cfg: &mut ServiceConfig) {
    people::configure(cfg);
    sessions::configure(cfg);
    password_resets::configure(cfg);
    revocations::configure(cfg);
    factors::configure(cfg);
    organisations::configure(cfg);
    members::configure(cfg);
    invitations::configure(cfg);
    roles::configure(cfg);
    teams::configure(cfg);
    grants::configure(cfg);
    keys::configure(cfg);
    networks::configure(cfg);
    domains::configure(cfg);
    identity_providers::configure(cfg);
    sign_on::configure(cfg);
    identities::configure(cfg);
    oauth::configure(cfg);
    threats::configure(cfg);
    audit::configure(cfg);
    privacy::configure(cfg);
}

/// The background work.
pub fn jobs(registry: &mut Registry) {
    people::jobs(registry);
    sessions::jobs(registry);
    registry.on(password_resets::send);
    registry.on(attempts::warn);
    factors::jobs(registry);
    risk::jobs(registry);
    invitations::jobs(registry);
    domains::jobs(registry);
    sign_on::jobs(registry);
    oauth::jobs(registry);
    threats::jobs(registry);
    audit::jobs(registry);
}
