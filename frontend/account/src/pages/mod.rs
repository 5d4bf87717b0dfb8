//! The pages.

pub mod invitation;
pub mod overview;
