//! What must always hold, whatever was killed when: asked of the database, nothing is changed.

use std::process::ExitCode;

use accounts::audit;
use chrono::{DateTime, Utc};
use contract::audit::AuditFault;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use platform::config::Config;
use platform::db::Conn;
use platform::error::ApiResult;
use platform::keys::MasterKey;

use crate::database::Database;

/// A sentence that must hold, and the query that counts where it does not.
pub struct Invariant {
    /// What holds.
    pub says: &'static str,
    /// Counts violations, in one `bigint` named `count`.
    pub query: &'static str,
}

/// Those that no area knows by itself.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        says: "every organisation has an owner",
        query: "SELECT count(*) FROM organisations
                WHERE NOT EXISTS (SELECT FROM members WHERE org_id = organisations.id AND role = 'owner')",
    },
    Invariant {
        says: "no job is dead",
        query: "SELECT count(*) FROM jobs WHERE state = 'dead'",
    },
    Invariant {
        says: "every message that waits has a job to send it",
        query: "SELECT count(*) FROM deliveries WHERE state = 'queued' AND NOT EXISTS (
                    SELECT FROM jobs WHERE kind = 'send_delivery' AND payload ->> 'delivery_id' = deliveries.id::text)",
    },
    Invariant {
        says: "no job waits for a worker that has gone",
        query: "SELECT count(*) FROM jobs WHERE state = 'running' AND locked_until < now() - interval '2 minutes'",
    },
];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What does not hold, and where or how often.
pub async fn violations(conn: &mut Conn, keys: &MasterKey, now: DateTime<Utc>) -> ApiResult<Vec<String>> {
    let mut found = unkept(conn, now).await?;
    found.extend(audit::verify(conn, keys).await?.fault.map(|fault| touched(&fault)));
    Ok(found)
}

async fn unkept(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<Vec<String>> {
    let sale = ticketing::invariants::violations(conn, now).await?;
    let mut found: Vec<String> =
        sale.into_iter().map(|violation| format!("{}: {}", violation.rule, violation.what)).collect();
    for invariant in INVARIANTS {
        let count = diesel::sql_query(invariant.query).get_result::<Count>(conn).await?.count;
        if count > 0 {
            found.push(format!("{}: {count} times not", invariant.says));
        }
    }
    Ok(found)
}

fn touched(fault: &AuditFault) -> String {
    let how = fault.kind.name().replace('_', " ");
    format!("the audit log is as it was written: entry {} at position {}: {how}", fault.id, fault.position)
}

/// `ringside verify`.
pub fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let (found, walk) = Database::open(config)?.with_app(config, async |app| {
        let now = app.clock.now();
        let mut found = app.db.read(async |conn| unkept(conn, now).await).await?;
        let walk = app.db.read(async |conn| audit::verify(conn, &app.keys).await).await?;
        found.extend(walk.fault.map(|fault| touched(&fault)));
        Ok((found, walk))
    })?;
    println!("audit log: {} entries hold, {} wait for their seal", walk.verified_to, walk.waiting);
    for violation in &found {
        println!("VIOLATED: {violation}");
    }
    if found.is_empty() {
        println!("everything that must hold holds");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} violations", found.len());
    Ok(ExitCode::FAILURE)
}
