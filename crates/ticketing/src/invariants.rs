//! What must be true of the sale at any moment, whatever was killed or unplugged before.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    sql_types::{Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use platform::{
    db::{Conn, sql},
    error::ApiResult,
};

/// Something that should never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule that is broken.
    pub rule: &'static str,
    /// Where: ids and figures.
    pub what: String,
}

#[derive(QueryableByName)]
struct What {
    #[diesel(sql_type = Text)]
    what: String,
}

/// A rule, and the statement that finds where it is broken; `$1` is the present instant.
const RULES: &[(&str, &str)] = &[
    (
        "a seat has at most one live ticket",
        "SELECT event_id || ' ' || seat AS what FROM tickets
          WHERE seat IS NOT NULL AND state <> 'revoked' AND $1 IS NOT NULL
          GROUP BY event_id, seat HAVING count(*) > 1",
    ),
    (
        "a paid order has a ticket for each place",
        "SELECT o.id::text AS what FROM orders o
          WHERE o.state = 'paid' AND $1 IS NOT NULL
            AND (SELECT count(*) FROM order_items i WHERE i.order_id = o.id)
             <> (SELECT count(*) FROM tickets t WHERE t.order_id = o.id)",
    ),
    (
        "only a paid order has live tickets",
        "SELECT t.id::text AS what FROM tickets t JOIN orders o ON o.id = t.order_id
          WHERE t.state <> 'revoked' AND o.state <> 'paid' AND $1 IS NOT NULL",
    ),
    (
        "a seat with a live ticket is sold to its order",
        "SELECT t.event_id || ' ' || t.seat AS what
           FROM tickets t LEFT JOIN event_seats s ON s.event_id = t.event_id AND s.seat = t.seat
          WHERE t.seat IS NOT NULL AND t.state <> 'revoked' AND $1 IS NOT NULL
            AND (s.state = 'sold' AND s.order_id = t.order_id) IS NOT TRUE",
    ),
    (
        "a sold seat has a live ticket",
        "SELECT s.event_id || ' ' || s.seat AS what FROM event_seats s
          WHERE s.state = 'sold' AND $1 IS NOT NULL
            AND NOT EXISTS (SELECT FROM tickets t
                             WHERE t.event_id = s.event_id AND t.seat = s.seat AND t.order_id = s.order_id
                               AND t.state <> 'revoked')",
    ),
    (
        "an order that waits holds all its seats",
        "SELECT o.id || ' ' || i.seat AS what
           FROM orders o JOIN order_items i ON i.order_id = o.id
           LEFT JOIN event_seats s ON s.event_id = o.event_id AND s.seat = i.seat
          WHERE o.state = 'pending' AND o.expires_at > $1 AND i.seat IS NOT NULL
            AND (s.state = 'held' AND s.order_id = o.id) IS NOT TRUE",
    ),
    (
        "an order that waits claims all its standing places",
        "SELECT o.id::text AS what FROM orders o
          WHERE o.state = 'pending' AND o.expires_at > $1
            AND (SELECT count(*) FROM order_items i WHERE i.order_id = o.id AND i.seat IS NULL)
             <> (SELECT coalesce(sum(c.quantity), 0) FROM standing_claims c WHERE c.order_id = o.id)",
    ),
    (
        "standing places are free, claimed or sold, and none is lost",
        "SELECT z.event_id || ' ' || z.zone || ': ' || z.places || ' places, ' || b.free || ' free, '
                || c.claimed || ' claimed, ' || t.sold || ' sold' AS what
           FROM event_zones z
          CROSS JOIN LATERAL (SELECT sum(free) AS free FROM standing_buckets b
                               WHERE b.event_id = z.event_id AND b.zone = z.zone) b
          CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS claimed FROM standing_claims c
                               WHERE c.event_id = z.event_id AND c.zone = z.zone) c
          CROSS JOIN LATERAL (SELECT count(*) AS sold FROM tickets t
                               WHERE t.event_id = z.event_id AND t.zone = z.zone AND t.state <> 'revoked') t
          WHERE z.standing AND b.free IS NOT NULL AND $1 IS NOT NULL
            AND z.places <> b.free + c.claimed + t.sold",
    ),
    (
        "a paid order with a price has one payment that succeeded",
        "SELECT o.id::text AS what FROM orders o
          WHERE o.state = 'paid' AND o.total > 0 AND $1 IS NOT NULL
            AND (SELECT count(*) FROM payments p WHERE p.order_id = o.id AND p.state = 'succeeded') <> 1",
    ),
    (
        "a payment that succeeded paid its order what was due",
        "SELECT p.id::text AS what FROM payments p JOIN orders o ON o.id = p.order_id
          WHERE p.state = 'succeeded' AND $1 IS NOT NULL
            AND (o.state <> 'paid' OR p.amount <> o.total OR p.currency <> o.currency)",
    ),
    (
        "an order costs what its places cost",
        "SELECT o.id::text AS what FROM orders o
          WHERE $1 IS NOT NULL AND o.total <> (SELECT coalesce(sum(price), 0) FROM order_items i WHERE i.order_id = o.id)",
    ),
    (
        "an admitted ticket was read once at a gate",
        "SELECT t.id::text AS what FROM tickets t
          WHERE t.state = 'admitted' AND $1 IS NOT NULL
            AND (SELECT count(*) FROM scans s WHERE s.ticket_id = t.id AND s.outcome = 'admitted') <> 1",
    ),
    (
        "guests are counted right",
        "SELECT e.id || ': ' || t.admitted || ' admitted, ' || c.counted || ' counted' AS what
           FROM events e
          CROSS JOIN LATERAL (SELECT count(*) AS admitted FROM tickets t
                               WHERE t.event_id = e.id AND t.state = 'admitted') t
          CROSS JOIN LATERAL (SELECT coalesce(sum(admitted), 0) AS counted FROM admission_counts c
                               WHERE c.event_id = e.id) c
          WHERE t.admitted <> c.counted AND $1 IS NOT NULL",
    ),
];

/// Looks for everything that should never be; reads only. Nothing found means all is well.
///
/// # Errors
/// When the database does not answer.
pub async fn violations(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<Vec<Violation>> {
    let mut found = Vec::new();
    for (rule, statement) in RULES {
        let rows: Vec<What> = sql(statement).bind::<Timestamptz, _>(now).load(conn).await?;
        found.extend(rows.into_iter().map(|row| Violation { rule, what: row.what }));
    }
    Ok(found)
}
