//! What travels as JSON: request and response types, error codes and endpoint addresses. The server
//! implements them, the web apps call them, and a test compares them with the OpenAPI document.

pub mod accounts;
pub mod audit;
pub mod channel_accounts;
pub mod channels;
pub mod contact_methods;
pub mod deliveries;
pub mod destinations;
pub mod endpoint;
pub mod endpoints;
pub mod error;
pub mod events;
pub mod factors;
pub mod figures;
pub mod grants;
pub mod holds;
pub mod inbound;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod mail;
pub mod networks;
pub mod notices;
pub mod oauth;
pub mod operation;
pub mod orders;
pub mod page;
pub mod payments;
pub mod people;
pub mod privacy;
pub mod roles;
pub mod scans;
pub mod sending;
pub mod sign_on;
pub mod teams;
pub mod templates;
pub mod text;
pub mod threats;
pub mod tickets;
pub mod venues;
pub mod webhooks;

pub use endpoint::{Endpoint, Method};
pub use error::{ErrorCode, FieldError, Problem};
pub use page::Page;
