//! The audit log: reading it, and the chain of hashes that shows whether it was touched.
//!
//! Rows are only added; the database refuses the rest. A reconciler seals new rows in the order of
//! their positions, each seal over the one before, so what was sealed cannot be altered, taken out or
//! slipped in without breaking the chain there. `ringside verify` walks it.

mod chain;
mod csv;
mod jobs;
mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub use chain::{Walk, verify};
pub(crate) use jobs::jobs;
pub(crate) use queries::forget_addresses;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_audit)
        .service(routes::export_audit)
        .service(routes::get_audit_verification)
        .service(routes::list_my_audit);
}
