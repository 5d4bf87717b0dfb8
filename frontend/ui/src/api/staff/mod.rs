//! What staff do; needs a membership. The organisation travels with every call.

pub mod announcements;
pub mod applications;
pub mod audit;
pub mod channels;
pub mod deliveries;
pub mod events;
pub mod inbound;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod members;
pub mod orders;
pub mod privacy;
pub mod roles;
pub mod scans;
pub mod sending;
pub mod sign_on;
pub mod suppressions;
pub mod teams;
pub mod templates;
pub mod threats;
pub mod venues;
pub mod webhooks;
