//! The chain: what is hashed, how it is prolonged, how it is checked.

use std::time::Duration;

use contract::audit::{AuditFault, AuditFaultKind};
use hmac::{Hmac, KeyInit as _, Mac as _};
use platform::db::{Conn, Db};
use platform::error::ApiResult;
use platform::keys::MasterKey;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::queries::{self, Head, NewSeal, Row, Sealed};

/// Rows sealed in one transaction, and checked in one query.
const BATCH: i64 = 2_000;
/// How often, and how long apart, those who were writing are looked for again.
const LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// What the seal before the first one is taken to be.
const GENESIS: [u8; 32] = [0; 32];

/// The key by which addresses are marked.
#[derive(Clone)]
pub(super) struct Marks([u8; 32]);

impl Marks {
    pub fn of(keys: &MasterKey) -> Self {
        Self(keys.derive("audit addresses"))
    }

    /// HMAC-SHA256 (RFC 2104) of the row's id and address: it binds the address to the row, and tells
    /// nothing once the address is forgotten.
    fn mark(&self, row: &Row) -> Option<Vec<u8>> {
        let ip = row.ip.as_ref()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length"); // safe: so it does
        mac.update(row.id.as_bytes());
        mac.update(ip.as_bytes());
        Some(mac.finalize().into_bytes().to_vec())
    }
}

/// SHA-256 of the row as a JSON array of its columns, the address left out. JSON columns are hashed as
/// PostgreSQL writes them, which is the same for the same value.
fn row_hash(row: &Row) -> Vec<u8> {
    let canonical = json!([
        row.position,
        row.id,
        row.org_id,
        row.actor_kind,
        row.actor_id,
        row.session_id,
        row.request_id,
        row.action,
        row.subject_id,
        row.before,
        row.after,
        row.created_at.timestamp_micros(),
    ]);
    Sha256::digest(canonical.to_string().as_bytes()).to_vec()
}

fn seal_hash(previous: &[u8], row_hash: &[u8], ip_mark: Option<&[u8]>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(row_hash);
    hash.update([u8::from(ip_mark.is_some())]);
    hash.update(ip_mark.unwrap_or_default());
    hash.finalize().to_vec()
}

/// Seals what has been written; how many rows.
///
/// Positions are given out in the order of writing, but transactions commit in any order. So: the
/// highest position that is visible is read first; then those who hold a writer's lock on the log, among
/// whom are all who were given a lower position and have not ended; when they have ended, no row up to
/// that position can appear any more. Nobody is kept from writing meanwhile.
pub(super) async fn seal(db: &Db, marks: &Marks) -> ApiResult<usize> {
    let Some(until) = db.read(async |conn| queries::highest(conn).await).await? else { return Ok(0) };
    if !wait_for_writers(db).await? {
        tracing::warn!("somebody has been writing to the audit log for long: it is sealed later");
        return Ok(0);
    }
    let mut sealed = 0;
    loop {
        let batch = db
            .write(async |tx| {
                // One at a time; another instance goes on where this one stopped.
                if !queries::lock(tx).await? {
                    return Ok(0);
                }
                let now = tx.now();
                let head = queries::head(tx).await?;
                let rows = queries::unsealed(tx, head.audit_position, until, BATCH).await?;
                let seals = prolong(head, &rows, marks);
                queries::insert(tx, &seals, now).await?;
                Ok(seals.len())
            })
            .await?;
        sealed += batch;
        if (batch as i64) < BATCH {
            return Ok(sealed);
        }
    }
}

async fn wait_for_writers(db: &Db) -> ApiResult<bool> {
    let mut writing = db.read(async |conn| queries::writers(conn).await).await?;
    for _ in 0..LOOKS {
        if writing.is_empty() {
            return Ok(true);
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let still = db.read(async |conn| queries::writers(conn).await).await?;
        writing.retain(|writer| still.contains(writer));
    }
    Ok(writing.is_empty())
}

fn prolong(head: Head, rows: &[Row], marks: &Marks) -> Vec<NewSeal> {
    let (mut position, mut previous) = (head.position, head.hash.unwrap_or_else(|| GENESIS.to_vec()));
    rows.iter()
        .map(|row| {
            position += 1;
            let (row_hash, ip_mark) = (row_hash(row), marks.mark(row));
            let hash = seal_hash(&previous, &row_hash, ip_mark.as_deref());
            let before = std::mem::replace(&mut previous, hash.clone());
            let (audit_id, audit_position) = (row.id, row.position);
            NewSeal { position, audit_id, audit_position, row_hash, ip_mark, previous: before, hash }
        })
        .collect()
}

/// What a walk along the chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// Seals that hold, from the first.
    pub verified_to: i64,
    /// Rows that wait for their seal.
    pub waiting: i64,
    /// The first row that breaks the chain.
    pub fault: Option<AuditFault>,
}

/// Walks the whole chain, reading only, and stops at the first row that breaks it.
///
/// # Errors
/// The database.
pub async fn verify(conn: &mut Conn, keys: &MasterKey) -> ApiResult<Walk> {
    let marks = Marks::of(keys);
    let inserted = queries::first_slipped_in(conn).await?;
    let (mut verified_to, mut previous) = (0, GENESIS.to_vec());
    let mut fault = None;
    'walk: loop {
        let page = queries::sealed_after(conn, verified_to, BATCH).await?;
        let last = (page.len() as i64) < BATCH;
        for sealed in page {
            fault = inserted.filter(|row| row.position < sealed.audit_position);
            fault = fault.or_else(|| check(&sealed, verified_to, &previous, &marks));
            if fault.is_some() {
                break 'walk;
            }
            (verified_to, previous) = (sealed.position, sealed.hash);
        }
        if last {
            break;
        }
    }
    let waiting = queries::waiting(conn).await?;
    Ok(Walk { verified_to, waiting, fault })
}

/// Whether a seal follows from the one before and its row is what it was.
fn check(sealed: &Sealed, verified_to: i64, previous: &[u8], marks: &Marks) -> Option<AuditFault> {
    let fault = |kind| Some(AuditFault { kind, position: sealed.audit_position, id: sealed.audit_id });
    let follows = sealed.position == verified_to + 1
        && sealed.previous == previous
        && sealed.hash == seal_hash(previous, &sealed.row_hash, sealed.ip_mark.as_deref());
    if !follows {
        return fault(AuditFaultKind::BrokenSeal);
    }
    let Some(row) = &sealed.row else { return fault(AuditFaultKind::Missing) };
    // An address that is gone was forgotten; one that is there must be the one that was sealed.
    let address_holds = row.ip.is_none() || marks.mark(row) == sealed.ip_mark;
    if row_hash(row) != sealed.row_hash || !address_holds {
        return fault(AuditFaultKind::Altered);
    }
    None
}
