//! What the web apps share: calls to the API, the session, live updates, languages, formats and
//! the components everything is drawn with.

pub mod api;
pub mod browser;
pub mod components;
pub mod confirm;
pub mod fetched;
pub mod format;
pub mod i18n;
pub mod live;
pub mod passkeys;
pub mod session;
pub mod theme;
pub mod this_browser;

pub use api::Failure;
pub use fetched::{Fetched, fetched};
pub use i18n::words;
