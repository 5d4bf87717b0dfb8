//! Messages: the list, and one message in a drawer.

mod drawer;
mod list;

pub use drawer::DeliveryDrawer;
pub use list::DeliveryList;
