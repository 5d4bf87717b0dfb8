//! The rules of orders.

mod cancel;
mod place;
mod read;

pub(crate) use cancel::{cancel, cancel_paid, expire, free_claims};
pub(crate) use place::{Terms, place};
pub use read::{OrderDetails, details};
pub(crate) use read::{get, list, list_mine, load};
