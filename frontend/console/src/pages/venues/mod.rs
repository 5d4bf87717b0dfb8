//! Venues: the list, one venue with its map and gates, and the import of a seat map.

mod detail;
mod gates;
mod import;
mod list;
mod new;

pub use detail::VenueDetail;
pub use import::VenueImport;
pub use list::VenueList;
pub use new::VenueNew;
