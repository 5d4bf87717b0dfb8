//! The pages.

pub mod overview;
pub mod security;
pub mod sign_in;
pub mod sign_up;

mod frame;
