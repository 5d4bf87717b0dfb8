//! The pages, by noun.

pub mod audit;
pub mod deliveries;
pub mod events;
pub mod members;
pub mod orders;
pub mod privacy;
pub mod scan;
pub mod sign_in;
pub mod venues;
