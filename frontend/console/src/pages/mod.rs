//! The pages, by noun.

pub mod access;
pub mod audit;
pub mod deliveries;
pub mod events;
pub mod inbound;
pub mod jobs;
pub mod live;
pub mod members;
pub mod notices;
pub mod orders;
pub mod policy;
pub mod privacy;
pub mod scan;
pub mod sending;
pub mod sign_on;
pub mod templates;
pub mod threats;
pub mod venues;
pub mod webhooks;
