//! The rules of orders.

mod cancel;
mod note;
mod place;
mod read;

pub(crate) use cancel::{cancel, cancel_paid, expire, free_claims};
pub(crate) use note::{keep_consent, note_export};
pub(crate) use place::{Terms, place};
pub use read::{OrderDetails, details, latest};
pub(crate) use read::{get, list, list_mine, load};
