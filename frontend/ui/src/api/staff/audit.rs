//! Who did what.

use contract::audit::{AuditEntry, AuditVerification};
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::page::Page;

use crate::api::{Call, Failure, to};

/// Which entries; what is empty does not narrow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// What the action begins with.
    pub action: String,
    /// Who did it: an id.
    pub actor: String,
    /// What it was done to: an id.
    pub subject: String,
    /// From which network address.
    pub ip: String,
    /// From then on, as RFC 3339 has it.
    pub from: String,
    /// Before then.
    pub to: String,
}

fn narrowed<Out>(call: Call<Nothing, Out>, filter: &AuditFilter) -> Call<Nothing, Out> {
    call.query("action", &filter.action)
        .query("actor", &filter.actor)
        .query("subject", &filter.subject)
        .query("ip", &filter.ip)
        .query("from", &filter.from)
        .query("to", &filter.to)
}

/// One page of entries, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(filter: &AuditFilter, after: &str) -> Result<Page<AuditEntry>, Failure> {
    narrowed(to(endpoints::LIST_AUDIT), filter).query("after", after).send().await
}

/// One entry, alone on its page.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(entry: &str) -> Result<Page<AuditEntry>, Failure> {
    to(endpoints::LIST_AUDIT).query("id", entry).send().await
}

/// The entries as a file, `csv` or `jsonl`.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn export(filter: &AuditFilter, format: &str) -> Result<Vec<u8>, Failure> {
    narrowed(to(endpoints::EXPORT_AUDIT), filter).query("format", format).bytes().await
}

/// Where the chain stands.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn verification() -> Result<AuditVerification, Failure> {
    to(endpoints::GET_AUDIT_VERIFICATION).send().await
}
