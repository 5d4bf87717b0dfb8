//! People, their sessions, the organisations they belong to and what they may do there.

pub mod audit;
mod authenticate;
mod members;
mod organisations;
mod passwords;
mod people;
mod post;
pub mod privacy;
mod sessions;
mod tokens;

use platform::jobs::Registry;
use platform::state::App;
use utoipa_actix_web::service_config::ServiceConfig;

pub use passwords::Passwords;
pub use post::{Addressee, PostLetter};
pub use tokens::{ACCESS_LIFETIME, AccessClaims, AccessKeys, REFRESH_LIFETIME, RefreshToken};

/// What the routes of this crate need beside the app: in the app's data as `web::Data<Accounts>`,
/// and once more as `Arc<dyn Authenticate>`.
#[derive(Clone)]
pub struct Accounts {
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
    /// Signs and checks access tokens.
    pub keys: AccessKeys,
    /// Whether people reach us by HTTPS, so that cookies may insist on it.
    https: bool,
}

impl Accounts {
    /// Accounts of an app: keys come from its master key, the cost of a password from its settings.
    ///
    /// # Errors
    /// When the settings for passwords lie outside what Argon2 allows.
    pub fn new(app: &App) -> anyhow::Result<Self> {
        Ok(Self {
            passwords: Passwords::new(app.config.password_memory_kib, app.config.password_iterations)?,
            keys: AccessKeys::from_seed(&app.keys.derive("access tokens")),
            https: app.config.public_url().starts_with("https://"),
        })
    }
}

/// The routes, below `/api/v1`.
pub fn configure(cfg: &mut ServiceConfig) {
    people::configure(cfg);
    sessions::configure(cfg);
    organisations::configure(cfg);
    members::configure(cfg);
    audit::configure(cfg);
    privacy::configure(cfg);
}

/// The background work.
pub fn jobs(registry: &mut Registry) {
    sessions::jobs(registry);
    audit::jobs(registry);
}
