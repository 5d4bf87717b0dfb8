//! The pages.

pub mod activity;
pub mod ask;
pub mod authorise;
pub mod connections;
pub mod devices;
mod frame;
pub mod invitation;
pub mod notices;
pub mod overview;
pub mod password;
pub mod policies;
pub mod privacy;
pub mod reset;
pub mod security;
pub mod sign_in;
pub mod sign_on;
pub mod sign_up;
pub mod verify;
