//! The screens, a folder for each noun.

pub mod checkout;
pub mod events;
pub mod missing;
pub mod orders;
pub mod seats;
pub mod styleguide;
