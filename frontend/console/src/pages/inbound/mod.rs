//! Inbound webhooks: which other systems may tell us something, what came, and one message in a drawer.

mod draft;
mod drawer;
mod form;
mod log;
mod source;
mod sources;

pub use drawer::InboundDrawer;
pub use sources::InboundPage;
