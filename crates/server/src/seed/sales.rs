//! The demo's sales: paid orders with their tickets, and the readings at the gates. Written in bulk,
//! in the state the rules of ticketing would have left them; `ringside verify` checks that.

use chrono::{DateTime, Duration, Utc};
use contract::events::Event;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::new_id;
use domain::seat_map::{SeatMap, Zone, ZoneKind};
use platform::db::{Tx, sql};
use platform::error::{ApiError, ApiResult};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::nights::Night;
use super::people::Cast;
use super::stadium::Stadium;

/// One place sold.
struct Place {
    order: usize,
    position: i16,
    ticket_id: Uuid,
    zone: String,
    seat: Option<String>,
    tier: String,
    price: i64,
    /// When and by which gate its guest came in.
    admitted: Option<(DateTime<Utc>, Uuid)>,
}

/// One order, paid when it was placed.
struct Order {
    id: Uuid,
    placed_at: DateTime<Utc>,
    total: i64,
}

/// Sells a part of the house and lets a part of the guests in.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    cast: &Cast,
    stadium: &Stadium,
    night: &Night,
    event: &Event,
) -> ApiResult<()> {
    let mut sale = Sale::new(tx.now(), night, event, stadium);
    for zone in &stadium.map.zones {
        sale.sell_zone(zone)?;
    }
    if sale.places.is_empty() {
        return Ok(());
    }
    sale.insert_orders(tx, cast, event).await?;
    sale.insert_tickets(tx, event).await?;
    sale.take_places(tx, event).await?;
    sale.insert_scans(tx, cast, event).await
}

struct Sale<'a> {
    now: DateTime<Utc>,
    night: &'a Night,
    event: &'a Event,
    stadium: &'a Stadium,
    chance: StdRng,
    orders: Vec<Order>,
    places: Vec<Place>,
}

impl<'a> Sale<'a> {
    fn new(now: DateTime<Utc>, night: &'a Night, event: &'a Event, stadium: &'a Stadium) -> Self {
        // The same house is sold each time the demo is filled.
        let seed = event.slug.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let chance = StdRng::seed_from_u64(seed);
        Self { now, night, event, stadium, chance, orders: Vec::new(), places: Vec::new() }
    }

    /// Guests come in groups of one to four who sit side by side; the best places go first.
    fn sell_zone(&mut self, zone: &Zone) -> ApiResult<()> {
        let eager = match zone.code.as_bytes().first() {
            Some(b'R') => 1.5,
            Some(b'L') => 1.15,
            Some(b'T') => 1.0,
            _ => 0.75,
        };
        let share = (self.night.sold * eager).min(0.99);
        if zone.kind == ZoneKind::Standing {
            let mut left = (f64::from(zone.capacity) * share) as usize;
            while left > 0 {
                let size = self.group().min(left);
                left -= size;
                self.sell(zone, vec![None; size])?;
            }
            return Ok(());
        }
        for row in &zone.rows {
            let mut seats = row.seats.iter();
            loop {
                let group: Vec<_> = seats.by_ref().take(self.group()).collect();
                if group.is_empty() {
                    break;
                }
                if !self.chance.random_bool(share) {
                    continue;
                }
                let labels = group.into_iter().map(|seat| {
                    SeatMap::label(zone, row, seat)
                        .map(|label| Some(label.to_string()))
                        .map_err(ApiError::internal)
                });
                let labels = labels.collect::<ApiResult<_>>()?;
                self.sell(zone, labels)?;
            }
        }
        Ok(())
    }

    fn group(&mut self) -> usize {
        [1, 2, 2, 2, 3, 4][self.chance.random_range(0..6)]
    }

    fn sell(&mut self, zone: &Zone, seats: Vec<Option<String>>) -> ApiResult<()> {
        let tier = self.event.prices.iter().find(|tier| tier.zones.contains(&zone.code));
        let tier =
            tier.ok_or_else(|| ApiError::internal(anyhow::anyhow!("zone {} has no price", zone.code)))?;
        let (order, price) = (self.orders.len(), tier.price.amount);
        let latest = self.now.min(self.night.doors_at());
        let placed_at = latest - Duration::minutes(self.chance.random_range(30..20_000));
        self.orders.push(Order { id: new_id(), placed_at, total: price * seats.len() as i64 });
        for (position, seat) in (1..).zip(seats) {
            let admitted = self.arrival(&zone.code);
            self.places.push(Place {
                order,
                position,
                ticket_id: new_id(),
                zone: zone.code.clone(),
                seat,
                tier: tier.name.clone(),
                price,
                admitted,
            });
        }
        Ok(())
    }

    /// When a guest came in, and by the gate that leads to the zone; most come in the first hour.
    fn arrival(&mut self, zone: &str) -> Option<(DateTime<Utc>, Uuid)> {
        if !self.chance.random_bool(self.night.inside) {
            return None;
        }
        let gate = self.stadium.gates.iter().find(|(_, zones)| zones.iter().any(|code| code == zone))?.0;
        let open = (self.now - self.night.doors_at()).num_seconds().clamp(1, 5_400);
        let late = self.chance.random::<f64>().powi(2) * open as f64;
        Some((self.night.doors_at() + Duration::seconds(late as i64), gate))
    }

    async fn insert_orders(&self, tx: &mut Tx<'_>, cast: &Cast, event: &Event) -> ApiResult<()> {
        // Every fortieth order is the fan's; the others are guests'. Nobody holds the access secrets.
        sql("INSERT INTO orders (id, org_id, event_id, reference, state, user_id, access_hash, buyer_email,
                                 buyer_name, locale, total, currency, placed_at, expires_at, paid_at)
             SELECT id, $1, $2, 'D' || upper(substr(replace(id::text, '-', ''), 23)), 'paid',
                    CASE WHEN number % 40 = 1 THEN $6 END, sha256(id::text::bytea || random()::text::bytea),
                    CASE WHEN number % 40 = 1 THEN 'fan@demo.ringside.example'
                         ELSE 'guest' || number || '@demo.ringside.example' END,
                    CASE WHEN number % 40 = 1 THEN 'Demo Fan' ELSE 'Demo Guest ' || number END,
                    CASE WHEN number % 3 = 0 THEN 'en' ELSE 'th' END,
                    total, 'THB', placed_at, placed_at + interval '15 minutes', placed_at + interval '2 minutes'
               FROM unnest($3, $4, $5) WITH ORDINALITY AS sold (id, total, placed_at, number)")
        .bind::<SqlUuid, _>(event.org_id)
        .bind::<SqlUuid, _>(event.id)
        .bind::<Array<SqlUuid>, _>(self.orders.iter().map(|order| order.id).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(self.orders.iter().map(|order| order.total).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(self.orders.iter().map(|order| order.placed_at).collect::<Vec<_>>())
        .bind::<SqlUuid, _>(cast.fan)
        .execute(tx)
        .await?;
        sql("INSERT INTO payments (id, order_id, method, state, amount, currency, reference, created_at, paid_at)
             SELECT gen_random_uuid(), id, 'promptpay', 'succeeded', total, currency, 'DEMO', placed_at, paid_at
               FROM orders WHERE event_id = $1")
        .bind::<SqlUuid, _>(event.id)
        .execute(tx)
        .await?;
        Ok(())
    }

    async fn insert_tickets(&self, tx: &mut Tx<'_>, event: &Event) -> ApiResult<()> {
        let places = &self.places;
        let (times, gates): (Vec<_>, Vec<_>) = places.iter().map(|place| place.admitted.unzip()).unzip();
        sql("WITH place AS (
                 SELECT * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11)
                     AS place (id, order_id, position, zone, seat, tier, price, admitted_at, gate_id)
             ), item AS (
                 INSERT INTO order_items (order_id, position, zone, seat, tier, price)
                 SELECT order_id, position, zone, seat, tier, price FROM place
             )
             INSERT INTO tickets (id, org_id, event_id, order_id, zone, seat, tier, price, currency, state,
                                  admitted_at, admitted_gate_id, created_at)
             SELECT place.id, $1, $2, order_id, zone, seat, tier, price, 'THB',
                    CASE WHEN admitted_at IS NULL THEN 'valid' ELSE 'admitted' END, admitted_at, gate_id, paid_at
               FROM place JOIN orders ON orders.id = place.order_id")
        .bind::<SqlUuid, _>(event.org_id)
        .bind::<SqlUuid, _>(event.id)
        .bind::<Array<SqlUuid>, _>(places.iter().map(|place| place.ticket_id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(places.iter().map(|place| self.orders[place.order].id).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(places.iter().map(|place| place.position).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(places.iter().map(|place| place.zone.as_str()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(places.iter().map(|place| place.seat.as_deref()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(places.iter().map(|place| place.tier.as_str()).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(places.iter().map(|place| place.price).collect::<Vec<_>>())
        .bind::<Array<Nullable<Timestamptz>>, _>(times)
        .bind::<Array<Nullable<SqlUuid>>, _>(gates)
        .execute(tx)
        .await?;
        Ok(())
    }

    /// Seats become sold; standing places leave one bucket after the other.
    async fn take_places(&self, tx: &mut Tx<'_>, event: &Event) -> ApiResult<()> {
        sql("UPDATE event_seats SET state = 'sold', order_id = tickets.order_id
               FROM tickets
              WHERE tickets.event_id = $1 AND event_seats.event_id = $1 AND event_seats.seat = tickets.seat")
        .bind::<SqlUuid, _>(event.id)
        .execute(tx)
        .await?;
        sql("WITH sold AS (
                 SELECT zone, count(*)::int AS places FROM tickets
                  WHERE event_id = $1 AND seat IS NULL GROUP BY zone
             ), bucket AS (
                 SELECT zone, bucket, free,
                        sum(free) OVER (PARTITION BY zone ORDER BY bucket) - free AS before
                   FROM standing_buckets WHERE event_id = $1
             )
             UPDATE standing_buckets
                SET free = bucket.free - greatest(0, least(bucket.free, sold.places - bucket.before))::int
               FROM bucket JOIN sold USING (zone)
              WHERE standing_buckets.event_id = $1 AND standing_buckets.zone = bucket.zone
                AND standing_buckets.bucket = bucket.bucket")
        .bind::<SqlUuid, _>(event.id)
        .execute(tx)
        .await?;
        Ok(())
    }

    /// Guests who came in, and a few who tried twice.
    async fn insert_scans(&self, tx: &mut Tx<'_>, cast: &Cast, event: &Event) -> ApiResult<()> {
        let admitted = self.places.iter().filter(|place| place.admitted.is_some()).count();
        if admitted == 0 {
            return Ok(());
        }
        sql("INSERT INTO scans (id, org_id, event_id, gate_id, ticket_id, outcome, scanned_by, scanned_at)
             SELECT gen_random_uuid(), org_id, event_id, admitted_gate_id, id, 'admitted', $2, admitted_at
               FROM tickets WHERE event_id = $1 AND state = 'admitted'
             UNION ALL
             SELECT gen_random_uuid(), org_id, event_id, admitted_gate_id, id, 'already_admitted', $2,
                    admitted_at + interval '40 seconds'
               FROM tickets WHERE event_id = $1 AND state = 'admitted' AND hashtext(id::text) % 97 = 0")
        .bind::<SqlUuid, _>(event.id)
        .bind::<SqlUuid, _>(cast.scanner)
        .execute(tx)
        .await?;
        sql("INSERT INTO admission_counts (event_id, slot, admitted) VALUES ($1, 0, $2)
             ON CONFLICT (event_id, slot) DO UPDATE SET admitted = EXCLUDED.admitted")
        .bind::<SqlUuid, _>(event.id)
        .bind::<Integer, _>(i32::try_from(admitted).map_err(ApiError::internal)?)
        .execute(tx)
        .await?;
        Ok(())
    }
}
