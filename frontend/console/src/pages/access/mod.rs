//! Who may do what: roles, teams and grants, API keys, networks.

pub mod choice;
mod keys;
mod networks;
mod roles;
mod teams;

pub use keys::KeyList;
pub use networks::NetworksPage;
pub use roles::RoleList;
pub use teams::TeamList;
