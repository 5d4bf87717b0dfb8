//! Every SQL statement of figures.

use chrono::{DateTime, NaiveDate, Utc};
use contract::figures::ZoneFigures;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Date, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::Money;
use platform::{
    db::{Conn, sql},
    error::ApiResult,
};
use uuid::Uuid;

#[derive(Debug, QueryableByName)]
pub struct ZoneRow {
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Integer)]
    capacity: i32,
    #[diesel(sql_type = Integer)]
    sold: i32,
    #[diesel(sql_type = Integer)]
    held: i32,
    #[diesel(sql_type = Integer)]
    admitted: i32,
    #[diesel(sql_type = BigInt)]
    revenue: i64,
}

#[derive(Debug, QueryableByName)]
pub struct OrderCounts {
    #[diesel(sql_type = Integer)]
    pub paid: i32,
    #[diesel(sql_type = Integer)]
    pub pending: i32,
}

#[derive(Debug, QueryableByName)]
pub struct DayRow {
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    #[diesel(sql_type = Integer)]
    pub sold: i32,
    #[diesel(sql_type = BigInt)]
    pub revenue: i64,
}

impl From<ZoneRow> for ZoneFigures {
    fn from(row: ZoneRow) -> Self {
        Self {
            zone: row.zone,
            name: row.name,
            capacity: row.capacity,
            sold: row.sold,
            held: row.held,
            admitted: row.admitted,
            revenue: Money::thb(row.revenue),
        }
    }
}

/// Each zone's sale, in the order of the map. Sold is what live tickets say.
pub async fn zones(conn: &mut Conn, event: Uuid, now: DateTime<Utc>) -> ApiResult<Vec<ZoneRow>> {
    let rows = sql("SELECT z.zone, z.name, z.places AS capacity,
                coalesce(t.sold, 0)::int AS sold,
                (coalesce(s.held, 0) + coalesce(c.held, 0))::int AS held,
                coalesce(t.admitted, 0)::int AS admitted,
                coalesce(t.revenue, 0)::bigint AS revenue
           FROM event_zones z
           LEFT JOIN (SELECT zone, count(*) AS sold, count(*) FILTER (WHERE state = 'admitted') AS admitted,
                             sum(price) AS revenue
                        FROM tickets WHERE event_id = $1 AND state <> 'revoked' GROUP BY zone) t USING (zone)
           LEFT JOIN (SELECT zone, count(*) AS held FROM event_seats
                       WHERE event_id = $1 AND state = 'held' AND held_until > $2 GROUP BY zone) s USING (zone)
           LEFT JOIN (SELECT c.zone, sum(c.quantity) AS held FROM standing_claims c
                        LEFT JOIN orders o ON o.id = c.order_id
                       WHERE c.event_id = $1 AND (o.id IS NULL OR o.state = 'pending') GROUP BY c.zone) c USING (zone)
          WHERE z.event_id = $1 ORDER BY z.position")
    .bind::<SqlUuid, _>(event)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?;
    Ok(rows)
}

/// Orders paid, and orders that can still be paid.
pub async fn orders(conn: &mut Conn, event: Uuid, now: DateTime<Utc>) -> ApiResult<OrderCounts> {
    let counts = sql("SELECT (count(*) FILTER (WHERE state = 'paid'))::int AS paid,
                (count(*) FILTER (WHERE state = 'pending' AND expires_at > $2))::int AS pending
           FROM orders WHERE event_id = $1")
    .bind::<SqlUuid, _>(event)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await?;
    Ok(counts)
}

/// Sales by day of payment at the venue, from the first day to the last without gaps.
pub async fn days(conn: &mut Conn, event: Uuid, time_zone: &str) -> ApiResult<Vec<DayRow>> {
    let rows = sql("WITH sales AS (
             SELECT (o.paid_at AT TIME ZONE $2)::date AS day, count(*) AS sold, sum(t.price) AS revenue
               FROM tickets t JOIN orders o ON o.id = t.order_id
              WHERE t.event_id = $1 AND t.state <> 'revoked' AND o.paid_at IS NOT NULL GROUP BY 1)
         SELECT day::date AS day, coalesce(s.sold, 0)::int AS sold, coalesce(s.revenue, 0)::bigint AS revenue
           FROM generate_series((SELECT min(day) FROM sales), (SELECT max(day) FROM sales), interval '1 day') AS day
           LEFT JOIN sales s USING (day) ORDER BY day")
    .bind::<SqlUuid, _>(event)
    .bind::<Text, _>(time_zone)
    .load(conn)
    .await?;
    Ok(rows)
}
