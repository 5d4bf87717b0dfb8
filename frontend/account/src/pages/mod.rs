//! The pages.

pub mod devices;
pub mod invitation;
pub mod overview;
pub mod password;
pub mod reset;
pub mod security;
pub mod sign_in;
pub mod sign_up;
pub mod verify;

pub mod activity;
mod frame;
pub mod overview;
pub mod privacy;
