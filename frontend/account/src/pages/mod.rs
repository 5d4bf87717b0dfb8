//! The pages.

pub mod activity;
pub mod overview;
pub mod privacy;
