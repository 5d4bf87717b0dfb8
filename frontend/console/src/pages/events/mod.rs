//! Fight nights: the list, one night with its figures, and the form.

mod detail;
mod figures;
mod form;
mod list;
mod present;

pub use detail::EventDetail;
pub use form::{EventEdit, EventNew};
pub use list::EventList;
