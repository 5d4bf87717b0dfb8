//! What must always hold, whatever was killed when: asked of the database, nothing is changed.

use std::process::ExitCode;

use diesel::deserialize::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use platform::config::Config;
use platform::db::Conn;
use platform::error::ApiResult;

use crate::database::Database;

/// A sentence that must hold, and the query that counts where it does not.
pub struct Invariant {
    /// What holds.
    pub says: &'static str,
    /// Counts violations, in one `bigint` named `count`.
    pub query: &'static str,
}

/// All of them.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        says: "no seat is sold twice",
        query: "SELECT count(*) FROM (SELECT FROM tickets WHERE seat IS NOT NULL AND state <> 'revoked'
                GROUP BY event_id, seat HAVING count(*) > 1) AS twice",
    },
    Invariant {
        says: "every live ticket with a seat owns its seat",
        query: "SELECT count(*) FROM tickets AS ticket
                LEFT JOIN event_seats AS seat ON seat.event_id = ticket.event_id AND seat.seat = ticket.seat
                WHERE ticket.seat IS NOT NULL AND ticket.state <> 'revoked'
                  AND (seat.state IS DISTINCT FROM 'sold' OR seat.order_id IS DISTINCT FROM ticket.order_id)",
    },
    Invariant {
        says: "every sold seat has its ticket",
        query: "SELECT count(*) FROM event_seats AS seat
                WHERE state = 'sold' AND NOT EXISTS (SELECT FROM tickets WHERE event_id = seat.event_id
                    AND seat = seat.seat AND order_id = seat.order_id AND state <> 'revoked')",
    },
    Invariant {
        says: "every paid order has all its tickets",
        query: "SELECT count(*) FROM orders WHERE state = 'paid'
                AND (SELECT count(*) FROM tickets WHERE order_id = orders.id)
                 <> (SELECT count(*) FROM order_items WHERE order_id = orders.id)",
    },
    Invariant {
        says: "only paid orders have live tickets",
        query: "SELECT count(*) FROM tickets JOIN orders ON orders.id = tickets.order_id
                WHERE tickets.state <> 'revoked' AND orders.state <> 'paid'",
    },
    Invariant {
        says: "every paid order that costs something has one payment that succeeded, of its amount",
        query: "SELECT count(*) FROM orders WHERE state = 'paid' AND total > 0
                AND (SELECT count(*) FROM payments WHERE order_id = orders.id
                     AND state = 'succeeded' AND amount = orders.total) <> 1",
    },
    Invariant {
        says: "no money is kept for an order that ended otherwise",
        query: "SELECT count(*) FROM payments JOIN orders ON orders.id = payments.order_id
                WHERE payments.state = 'succeeded' AND orders.state NOT IN ('paid')",
    },
    Invariant {
        says: "an order costs what its places cost",
        query: "SELECT count(*) FROM orders
                WHERE total <> (SELECT coalesce(sum(price), 0) FROM order_items WHERE order_id = orders.id)",
    },
    Invariant {
        says: "standing places free, claimed and ticketed make up the zone",
        query: "SELECT count(*) FROM event_zones AS zone
                JOIN (SELECT event_id, zone, sum(free) AS free FROM standing_buckets GROUP BY event_id, zone) AS left_over
                  ON left_over.event_id = zone.event_id AND left_over.zone = zone.zone
                WHERE zone.standing AND zone.places <> left_over.free
                  + (SELECT coalesce(sum(quantity), 0) FROM standing_claims AS claim
                     WHERE claim.event_id = zone.event_id AND claim.zone = zone.zone)
                  + (SELECT count(*) FROM tickets AS ticket WHERE ticket.event_id = zone.event_id
                     AND ticket.zone = zone.zone AND ticket.seat IS NULL AND ticket.state <> 'revoked')",
    },
    Invariant {
        says: "a ticket admits once",
        query: "SELECT count(*) FROM (SELECT FROM scans WHERE outcome = 'admitted'
                GROUP BY ticket_id HAVING count(*) > 1) AS twice",
    },
    Invariant {
        says: "every admitted ticket was read at a gate",
        query: "SELECT count(*) FROM tickets WHERE admitted_at IS NOT NULL
                AND NOT EXISTS (SELECT FROM scans WHERE ticket_id = tickets.id AND outcome = 'admitted')",
    },
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
        says: "no job waits for a worker that has gone",
        query: "SELECT count(*) FROM jobs WHERE state = 'running' AND locked_until < now() - interval '2 minutes'",
    },
];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What does not hold, with how often.
pub async fn violations(conn: &mut Conn) -> ApiResult<Vec<(&'static str, i64)>> {
    let mut found = Vec::new();
    for invariant in INVARIANTS {
        let count = diesel::sql_query(invariant.query).get_result::<Count>(conn).await?.count;
        if count > 0 {
            found.push((invariant.says, count));
        }
    }
    Ok(found)
}

/// `ringside verify`.
pub fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let found = Database::open(config)?
        .with_app(config, async |app| Ok(app.db.read(async |conn| violations(conn).await).await?))?;
    for (says, count) in &found {
        println!("VIOLATED {count} times: {says}");
    }
    println!("{} of {} invariants hold", INVARIANTS.len() - found.len(), INVARIANTS.len());
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
