//! Attempts to get in by force: for those who run Ringside.

mod drawer;
mod list;

pub use drawer::ThreatDrawer;
pub use list::ThreatList;
