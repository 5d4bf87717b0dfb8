//! Every statement about the audit log and its seals.

use chrono::{DateTime, Utc};
use contract::audit::{AuditEntry, AuditFault, AuditFaultKind};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use serde_json::Value;
use uuid::Uuid;

use super::chain::Walk;

/// Any number, the same in all instances: PostgreSQL lets one of them seal at a time.
const LOCK: i64 = 0x0041_7564_6974_536C;

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub id: Option<Uuid>,
    pub actor: Option<Uuid>,
    /// The beginning of the action.
    pub action: Option<String>,
    pub subject: Option<Uuid>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    pub ip: Option<String>,
}

/// Whose entries.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    /// An organisation's; with those of no organisation for the platform.
    Organisation { id: Uuid, and_nobodys: bool },
    /// What a person did, and what was done to their account.
    Person(Uuid),
}

#[derive(QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    org_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    actor_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    actor_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    actor_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    session_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    ip: Option<String>,
    #[diesel(sql_type = Text)]
    request_id: String,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    subject_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    before: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    after: Option<Value>,
}

impl From<EntryRow> for AuditEntry {
    fn from(row: EntryRow) -> Self {
        Self {
            id: row.id,
            position: row.position,
            at: row.created_at,
            org_id: row.org_id,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            session_id: row.session_id,
            ip: row.ip,
            request_id: row.request_id,
            action: row.action,
            subject_id: row.subject_id,
            before: row.before,
            after: row.after,
        }
    }
}

/// The names of members are shown to their organisation, nobody else's.
const LIST: &str = "
SELECT entry.id, entry.position, entry.created_at, entry.org_id, entry.actor_kind, entry.actor_id,
       person.name AS actor_name, entry.session_id, entry.ip, entry.request_id, entry.action,
       entry.subject_id, entry.before, entry.after
FROM audit_log AS entry
LEFT JOIN members AS member ON member.user_id = entry.actor_id AND member.org_id = $1
LEFT JOIN people AS person ON person.id = member.user_id
WHERE (entry.org_id = $1 OR ($2 AND entry.org_id IS NULL) OR entry.actor_id = $3 OR entry.subject_id = $3)
  AND ($4 IS NULL OR entry.actor_id = $4)
  AND ($5 IS NULL OR starts_with(entry.action, $5))
  AND ($6 IS NULL OR entry.subject_id = $6)
  AND ($7 IS NULL OR entry.created_at >= $7)
  AND ($8 IS NULL OR entry.created_at < $8)
  AND ($9 IS NULL OR entry.ip = $9)
  AND ($10 IS NULL OR entry.position < $10)
  AND ($12 IS NULL OR entry.id = $12)
ORDER BY entry.position DESC LIMIT $11";

/// At most `limit` entries, newest first, those before the position `before`.
pub(super) async fn list(
    conn: &mut Conn,
    whose: Whose,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> ApiResult<Vec<AuditEntry>> {
    let (org, nobodys, person) = match whose {
        Whose::Organisation { id, and_nobodys } => (Some(id), and_nobodys, None),
        Whose::Person(id) => (None, false, Some(id)),
    };
    let rows = sql(LIST)
        .bind::<Nullable<SqlUuid>, _>(org)
        .bind::<Bool, _>(nobodys)
        .bind::<Nullable<SqlUuid>, _>(person)
        .bind::<Nullable<SqlUuid>, _>(filter.actor)
        .bind::<Nullable<Text>, _>(filter.action.as_deref())
        .bind::<Nullable<SqlUuid>, _>(filter.subject)
        .bind::<Nullable<Timestamptz>, _>(filter.from)
        .bind::<Nullable<Timestamptz>, _>(filter.to)
        .bind::<Nullable<Text>, _>(filter.ip.as_deref())
        .bind::<Nullable<BigInt>, _>(before)
        .bind::<BigInt, _>(limit)
        .bind::<Nullable<SqlUuid>, _>(filter.id)
        .load::<EntryRow>(conn)
        .await?;
    Ok(rows.into_iter().map(AuditEntry::from).collect())
}

/// A row as it is sealed.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub org_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub actor_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub actor_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub session_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub ip: Option<String>,
    #[diesel(sql_type = Text)]
    pub request_id: String,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub subject_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub before: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub after: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// The end of the chain.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Head {
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    #[diesel(sql_type = BigInt)]
    pub audit_position: i64,
    #[diesel(sql_type = Nullable<Binary>)]
    pub hash: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub sealed_at: Option<DateTime<Utc>>,
}

/// A seal to be written.
#[derive(Debug, Clone)]
pub(super) struct NewSeal {
    pub position: i64,
    pub audit_id: Uuid,
    pub audit_position: i64,
    pub row_hash: Vec<u8>,
    pub ip_mark: Option<Vec<u8>>,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

/// A seal, and its row if it is there.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    pub position: i64,
    pub audit_id: Uuid,
    pub audit_position: i64,
    pub row_hash: Vec<u8>,
    pub ip_mark: Option<Vec<u8>>,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
    pub row: Option<Row>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

async fn number(conn: &mut Conn, query: &'static str) -> ApiResult<Option<i64>> {
    Ok(sql(query).get_result::<Number>(conn).await?.number)
}

/// The highest position that is visible.
pub(super) async fn highest(conn: &mut Conn) -> ApiResult<Option<i64>> {
    number(conn, "SELECT max(position) AS number FROM audit_log").await
}

/// Transactions that have written to the log and have not ended.
pub(super) async fn writers(conn: &mut Conn) -> ApiResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Writer {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let rows = sql("SELECT DISTINCT virtualtransaction AS name FROM pg_locks
                    WHERE locktype = 'relation' AND relation = 'audit_log'::regclass AND granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND mode = 'RowExclusiveLock'")
    .load::<Writer>(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Whether this transaction is the one that seals.
pub(super) async fn lock(conn: &mut Conn) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Got {
        #[diesel(sql_type = Bool)]
        got: bool,
    }
    let row = sql("SELECT pg_try_advisory_xact_lock($1) AS got").bind::<BigInt, _>(LOCK);
    Ok(row.get_result::<Got>(conn).await?.got)
}

/// The end of the chain; zeros before the first seal.
pub(super) async fn head(conn: &mut Conn) -> ApiResult<Head> {
    let heads = sql("SELECT position, audit_position, hash, sealed_at FROM audit_seals
                     ORDER BY position DESC LIMIT 1")
    .load::<Head>(conn)
    .await?;
    let none = Head { position: 0, audit_position: 0, hash: None, sealed_at: None };
    Ok(heads.into_iter().next().unwrap_or(none))
}

/// Rows after the position `after`, up to `until`.
pub(super) async fn unsealed(conn: &mut Conn, after: i64, until: i64, limit: i64) -> ApiResult<Vec<Row>> {
    let rows = sql("SELECT position, id, org_id, actor_kind, actor_id, session_id, ip, request_id, action,
                           subject_id, before::text AS before, after::text AS after, created_at
                    FROM audit_log WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3")
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(until)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(rows)
}

pub(super) async fn insert(conn: &mut Conn, seals: &[NewSeal], now: DateTime<Utc>) -> ApiResult<()> {
    sql("INSERT INTO audit_seals
             (position, audit_id, audit_position, row_hash, ip_mark, previous, hash, sealed_at)
         SELECT seal.*, $8 FROM unnest($1, $2, $3, $4, $5, $6, $7) AS seal")
    .bind::<Array<BigInt>, _>(seals.iter().map(|seal| seal.position).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(seals.iter().map(|seal| seal.audit_id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(seals.iter().map(|seal| seal.audit_position).collect::<Vec<_>>())
    .bind::<Array<Binary>, _>(seals.iter().map(|seal| seal.row_hash.as_slice()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Binary>>, _>(seals.iter().map(|seal| seal.ip_mark.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Binary>, _>(seals.iter().map(|seal| seal.previous.as_slice()).collect::<Vec<_>>())
    .bind::<Array<Binary>, _>(seals.iter().map(|seal| seal.hash.as_slice()).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct SealedRow {
    #[diesel(sql_type = BigInt)]
    seal_position: i64,
    #[diesel(sql_type = SqlUuid)]
    audit_id: Uuid,
    #[diesel(sql_type = BigInt)]
    audit_position: i64,
    #[diesel(sql_type = Binary)]
    row_hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    ip_mark: Option<Vec<u8>>,
    #[diesel(sql_type = Binary)]
    previous: Vec<u8>,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
    #[diesel(sql_type = Bool)]
    there: bool,
    #[diesel(embed)]
    row: Row,
}

/// Seals after the position `after`, with what is there of their rows.
pub(super) async fn sealed_after(conn: &mut Conn, after: i64, limit: i64) -> ApiResult<Vec<Sealed>> {
    let rows =
        sql("SELECT seal.position AS seal_position, seal.audit_id, seal.audit_position, seal.row_hash,
                           seal.ip_mark, seal.previous, seal.hash, entry.id IS NOT NULL AS there,
                           coalesce(entry.position, 0) AS position, coalesce(entry.id, seal.audit_id) AS id,
                           entry.org_id, coalesce(entry.actor_kind, '') AS actor_kind, entry.actor_id,
                           entry.session_id, entry.ip, coalesce(entry.request_id, '') AS request_id,
                           coalesce(entry.action, '') AS action, entry.subject_id,
                           entry.before::text AS before, entry.after::text AS after,
                           coalesce(entry.created_at, seal.sealed_at) AS created_at
                    FROM audit_seals AS seal LEFT JOIN audit_log AS entry ON entry.id = seal.audit_id
                    WHERE seal.position > $1 ORDER BY seal.position LIMIT $2")
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(limit)
        .load::<SealedRow>(conn)
        .await?;
    let sealed = rows.into_iter().map(|row| Sealed {
        position: row.seal_position,
        audit_id: row.audit_id,
        audit_position: row.audit_position,
        row_hash: row.row_hash,
        ip_mark: row.ip_mark,
        previous: row.previous,
        hash: row.hash,
        row: row.there.then_some(row.row),
    });
    Ok(sealed.collect())
}

/// The first row without a seal that stands before the end of the chain: it was not there when the
/// chain passed.
pub(super) async fn first_slipped_in(conn: &mut Conn) -> ApiResult<Option<AuditFault>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        position: i64,
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let found = sql("SELECT entry.position, entry.id FROM audit_log AS entry
                     WHERE entry.position <= (SELECT max(audit_position) FROM audit_seals)
                       AND NOT EXISTS (SELECT FROM audit_seals WHERE audit_id = entry.id)
                     ORDER BY entry.position LIMIT 1")
    .load::<Found>(conn)
    .await?;
    let fault =
        |row: Found| AuditFault { kind: AuditFaultKind::Inserted, position: row.position, id: row.id };
    Ok(found.into_iter().next().map(fault))
}

/// How many rows wait for their seal.
pub(super) async fn waiting(conn: &mut Conn) -> ApiResult<i64> {
    let waiting = number(
        conn,
        "SELECT count(*) AS number FROM audit_log
         WHERE position > (SELECT coalesce(max(audit_position), 0) FROM audit_seals)",
    );
    Ok(waiting.await?.unwrap_or(0))
}

/// Keeps what a walk found.
pub(super) async fn keep_walk(conn: &mut Conn, walk: &Walk, now: DateTime<Utc>) -> ApiResult<()> {
    sql("INSERT INTO audit_checks (checked_at, verified_to, fault_kind, fault_position, fault_id)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (one) DO UPDATE SET
             checked_at = excluded.checked_at, verified_to = excluded.verified_to,
             fault_kind = excluded.fault_kind, fault_position = excluded.fault_position,
             fault_id = excluded.fault_id")
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(walk.verified_to)
    .bind::<Nullable<Text>, _>(walk.fault.map(|fault| fault.kind.name()))
    .bind::<Nullable<BigInt>, _>(walk.fault.map(|fault| fault.position))
    .bind::<Nullable<SqlUuid>, _>(walk.fault.map(|fault| fault.id))
    .execute(conn)
    .await?;
    Ok(())
}

/// What the last walk found, and when it was made.
pub(super) async fn last_walk(
    conn: &mut Conn,
) -> ApiResult<Option<(DateTime<Utc>, i64, Option<AuditFault>)>> {
    #[derive(QueryableByName)]
    struct Kept {
        #[diesel(sql_type = Timestamptz)]
        checked_at: DateTime<Utc>,
        #[diesel(sql_type = BigInt)]
        verified_to: i64,
        #[diesel(sql_type = Nullable<Text>)]
        fault_kind: Option<String>,
        #[diesel(sql_type = Nullable<BigInt>)]
        fault_position: Option<i64>,
        #[diesel(sql_type = Nullable<SqlUuid>)]
        fault_id: Option<Uuid>,
    }
    let kept = sql("SELECT checked_at, verified_to, fault_kind, fault_position, fault_id FROM audit_checks")
        .load::<Kept>(conn)
        .await?;
    Ok(kept.into_iter().next().map(|kept| {
        let kind = kept.fault_kind.as_deref().and_then(AuditFaultKind::from_name);
        let fault = match (kind, kept.fault_position, kept.fault_id) {
            (Some(kind), Some(position), Some(id)) => Some(AuditFault { kind, position, id }),
            _ => None,
        };
        (kept.checked_at, kept.verified_to, fault)
    }))
}

/// Forgets the addresses of entries written before `before`; how many.
pub(crate) async fn forget_addresses(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<i64> {
    let forgotten = sql("SELECT forget_audit_addresses($1) AS number")
        .bind::<Timestamptz, _>(before)
        .get_result::<Number>(conn);
    Ok(forgotten.await?.number.unwrap_or(0))
}
