//! Who did what: the list, one entry in a drawer, and the state of the chain.

mod drawer;
mod list;

pub use drawer::AuditDrawer;
pub use list::AuditList;
