//! The rules of reading the log.

use contract::audit::{AuditEntry, AuditVerification};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use platform::guard::Actor;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, Filter, Whose};

/// The most entries an export holds.
pub(super) const MOST: i64 = 50_000;

/// The entries an actor with the permission may see: their organisation's; those who run Ringside see
/// what belongs to no organisation, too.
pub(super) fn whose(actor: &Actor) -> Whose {
    let (id, kind) = actor.place().map_or_else(Default::default, |(id, kind, _)| (id, Some(kind)));
    Whose::Organisation { id, and_nobodys: kind == Some(domain::OrganisationKind::Platform) }
}

/// All entries of an export, newest first.
pub(super) async fn all(conn: &mut Conn, whose: Whose, filter: &Filter) -> ApiResult<Vec<AuditEntry>> {
    queries::list(conn, whose, filter, None, MOST).await
}

/// Where the chain stands, and what the last walk along it found.
pub(super) async fn state(conn: &mut Conn) -> ApiResult<AuditVerification> {
    let head = queries::head(conn).await?;
    let walk = queries::last_walk(conn).await?;
    Ok(AuditVerification {
        sealed: head.position,
        waiting: queries::waiting(conn).await?,
        head: head.hash.map(hex::encode),
        sealed_at: head.sealed_at,
        checked_at: walk.map(|(at, ..)| at),
        verified_to: walk.map_or(0, |(_, to, _)| to),
        fault: walk.and_then(|(.., fault)| fault),
    })
}

/// Notes that the log left the house: it names people and where they were.
pub(super) fn note_export(tx: &mut Tx<'_>, org: Uuid, rows: usize) {
    tx.audit(Change::new(Some(org), "audit.exported", org).after(json!({"rows": rows})));
}
