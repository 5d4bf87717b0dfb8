//! Orders: the list, and one order in a drawer with an address of its own.

mod drawer;
mod list;
mod payment;

pub use drawer::OrderDrawer;
pub use list::OrderList;

use leptos::prelude::*;

/// Told to the list when an order in the drawer changed.
#[derive(Clone, Copy)]
struct Changed(RwSignal<u32>);
