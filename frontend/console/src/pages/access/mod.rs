//! Who may do what: roles, teams and grants, API keys, applications, networks.

mod applications;
pub mod choice;
mod keys;
mod levels;
mod networks;
pub mod programs;
mod roles;
pub mod rotate;
pub mod secret;
mod teams;

pub use applications::ApplicationList;
pub use keys::KeyList;
pub use networks::NetworksPage;
pub use roles::RoleList;
pub use teams::TeamList;
