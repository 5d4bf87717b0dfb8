//! Every SQL statement of events.

use chrono::{DateTime, Utc};
use contract::events::{Event, PriceTier, UpdateEvent};
use db_schema::{event_seats, event_zones, events, orders, seat_maps, venues};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::{
    Money,
    money::Currency,
    seat_map::{SeatMap, ZoneKind},
    state::EventState,
};
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use serde_json::Value;
use uuid::Uuid;

use super::filter::Filter;

/// An event with what its venue and its tickets tell.
#[derive(Debug, QueryableByName)]
pub struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub venue_id: Uuid,
    #[diesel(sql_type = Text)]
    pub venue_name: String,
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    #[diesel(sql_type = SqlUuid)]
    pub seat_map_id: Uuid,
    #[diesel(sql_type = Text)]
    pub slug: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    pub texts: Value,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    pub bouts: Value,
    #[diesel(sql_type = Timestamptz)]
    pub doors_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    pub capacity: i32,
    #[diesel(sql_type = Integer)]
    pub sold: i32,
    #[diesel(sql_type = Integer)]
    pub version: i32,
}

/// A zone of an event and its price.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = event_zones)]
pub struct ZoneRow {
    pub event_id: Uuid,
    pub zone: String,
    pub tier: Option<String>,
    pub tier_position: i32,
    pub price: Option<i64>,
    pub currency: String,
}

/// What a draft starts with.
#[derive(Debug, Insertable)]
#[diesel(table_name = events)]
pub struct NewEvent<'a> {
    pub id: Uuid,
    pub org_id: Uuid,
    pub venue_id: Uuid,
    pub seat_map_id: Uuid,
    pub slug: &'a str,
    pub texts: Value,
    pub bouts: Value,
    pub doors_at: DateTime<Utc>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub capacity: i32,
}

impl EventRow {
    /// Its state.
    pub fn state(&self) -> ApiResult<EventState> {
        EventState::from_name(&self.state)
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("event state {}", self.state)))
    }

    /// What travels.
    pub fn into_event(self, zones: &[ZoneRow]) -> ApiResult<Event> {
        Ok(Event {
            state: self.state()?,
            id: self.id,
            org_id: self.org_id,
            venue_id: self.venue_id,
            venue_name: self.venue_name,
            time_zone: self.time_zone,
            seat_map_id: self.seat_map_id,
            slug: self.slug,
            texts: serde_json::from_value(self.texts)?,
            doors_at: self.doors_at,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            bouts: serde_json::from_value(self.bouts)?,
            prices: tiers(zones)?,
            capacity: self.capacity,
            sold: self.sold,
            version: self.version,
        })
    }
}

/// Puts zones together that share a tier, in the order the tiers were given.
pub fn tiers(zones: &[ZoneRow]) -> ApiResult<Vec<PriceTier>> {
    let mut tiers: Vec<(i32, PriceTier)> = Vec::new();
    for zone in zones {
        let (Some(name), Some(amount)) = (&zone.tier, zone.price) else { continue };
        if let Some((_, tier)) = tiers.iter_mut().find(|(position, _)| *position == zone.tier_position) {
            tier.zones.push(zone.zone.clone());
            continue;
        }
        let price = Money { amount, currency: currency(&zone.currency)? };
        let tier = PriceTier { name: name.clone(), price, zones: vec![zone.zone.clone()] };
        tiers.push((zone.tier_position, tier));
    }
    tiers.sort_by_key(|(position, _)| *position);
    Ok(tiers.into_iter().map(|(_, tier)| tier).collect())
}

/// The currency of an ISO 4217 code that stands in the database.
pub fn currency(code: &str) -> ApiResult<Currency> {
    Currency::from_code(code).ok_or_else(|| ApiError::internal(anyhow::anyhow!("currency {code}")))
}

/// The columns of [`EventRow`]; a `WHERE` follows.
macro_rules! select_event {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.org_id, e.venue_id, v.name AS venue_name, v.time_zone, e.seat_map_id,
                    e.slug, e.state, e.texts, e.bouts, e.doors_at, e.starts_at, e.ends_at,
                    e.capacity, e.version,
                    (SELECT count(*)::int FROM tickets t WHERE t.event_id = e.id AND t.state <> 'revoked') AS sold
               FROM events e JOIN venues v ON v.id = e.venue_id ",
            $rest
        )
    };
}

pub async fn list(
    conn: &mut Conn,
    org: Uuid,
    filter: &Filter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> ApiResult<Vec<EventRow>> {
    let (at, id) = after.unzip();
    let rows = sql(select_event!(
        "WHERE e.org_id = $1
           AND ($2 IS NULL OR e.state = $2)
           AND ($3 IS NULL OR strpos(lower(e.slug || ' ' || e.texts::text), lower($3)) > 0)
           AND ($4 IS NULL OR (e.starts_at, e.id) < ($4, $5))
         ORDER BY e.starts_at DESC, e.id DESC LIMIT $6"
    ))
    .bind::<SqlUuid, _>(org)
    .bind::<Nullable<Text>, _>(filter.state.map(EventState::name))
    .bind::<Nullable<Text>, _>(filter.q.as_deref())
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(rows)
}

pub async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<EventRow> {
    let row = sql(select_event!("WHERE e.org_id = $1 AND e.id = $2"))
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await?;
    Ok(row)
}

/// As [`find`]; nobody else changes the event until the transaction ends.
pub async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<EventRow> {
    let row = sql(select_event!("WHERE e.org_id = $1 AND e.id = $2 FOR UPDATE OF e"))
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await?;
    Ok(row)
}

/// Zones of several events, each in the order of its map.
pub async fn zones_of(conn: &mut Conn, ids: &[Uuid]) -> ApiResult<Vec<ZoneRow>> {
    let rows = event_zones::table
        .filter(event_zones::event_id.eq_any(ids))
        .order((event_zones::event_id, event_zones::position))
        .select(ZoneRow::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

pub async fn zone_codes(conn: &mut Conn, event: Uuid) -> ApiResult<Vec<String>> {
    let codes = event_zones::table
        .filter(event_zones::event_id.eq(event))
        .select(event_zones::zone)
        .load(conn)
        .await?;
    Ok(codes)
}

/// The map asked for, or the venue's latest, of a venue the organisation may book.
pub async fn bookable_map(
    conn: &mut Conn,
    org: Uuid,
    venue: Uuid,
    map: Option<Uuid>,
) -> ApiResult<Option<(Uuid, Value)>> {
    let mut query = seat_maps::table
        .inner_join(venues::table)
        .filter(venues::id.eq(venue))
        .filter(venues::org_id.eq(org).or(venues::open_to_promoters))
        .order(seat_maps::created_at.desc())
        .select((seat_maps::id, seat_maps::map))
        .into_boxed();
    if let Some(map) = map {
        query = query.filter(seat_maps::id.eq(map));
    }
    Ok(query.first(conn).await.optional()?)
}

pub async fn map(conn: &mut Conn, id: Uuid) -> ApiResult<Value> {
    Ok(seat_maps::table.find(id).select(seat_maps::map).first(conn).await?)
}

pub async fn insert(conn: &mut Conn, new: &NewEvent<'_>) -> ApiResult<()> {
    diesel::insert_into(events::table).values(new).execute(conn).await?;
    Ok(())
}

pub async fn insert_zones(conn: &mut Conn, event: Uuid, map: &SeatMap) -> ApiResult<()> {
    let mut rows = Vec::with_capacity(map.zones.len());
    for (position, zone) in (0_i32..).zip(&map.zones) {
        rows.push((
            event_zones::event_id.eq(event),
            event_zones::zone.eq(&zone.code),
            event_zones::position.eq(position),
            event_zones::name.eq(&zone.name.en),
            event_zones::name_th.eq(&zone.name.th),
            event_zones::standing.eq(zone.kind == ZoneKind::Standing),
            event_zones::places.eq(i32::try_from(zone.places()).map_err(ApiError::internal)?),
        ));
    }
    diesel::insert_into(event_zones::table).values(rows).execute(conn).await?;
    Ok(())
}

pub async fn set_prices(conn: &mut Conn, event: Uuid, tiers: &[PriceTier]) -> ApiResult<()> {
    let zones = event_zones::table.filter(event_zones::event_id.eq(event));
    diesel::update(zones)
        .set((event_zones::tier.eq(None::<String>), event_zones::price.eq(None::<i64>)))
        .execute(conn)
        .await?;
    for (position, tier) in (0_i32..).zip(tiers) {
        diesel::update(zones.filter(event_zones::zone.eq_any(&tier.zones)))
            .set((
                event_zones::tier.eq(&tier.name),
                event_zones::tier_position.eq(position),
                event_zones::price.eq(tier.price.amount),
                event_zones::currency.eq(tier.price.currency.code()),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

pub async fn unpriced_zones(conn: &mut Conn, event: Uuid) -> ApiResult<Vec<String>> {
    let zones = event_zones::table
        .filter(event_zones::event_id.eq(event))
        .filter(event_zones::price.is_null())
        .order(event_zones::position)
        .select(event_zones::zone)
        .load(conn)
        .await?;
    Ok(zones)
}

pub async fn update(
    conn: &mut Conn,
    id: Uuid,
    change: &UpdateEvent,
    (doors_at, starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
) -> ApiResult<()> {
    let texts = change.texts.as_ref().map(serde_json::to_value).transpose()?;
    let bouts = change.bouts.as_ref().map(serde_json::to_value).transpose()?;
    diesel::update(events::table.find(id))
        .set((
            change.slug.as_ref().map(|slug| events::slug.eq(slug)),
            texts.map(|texts| events::texts.eq(texts)),
            bouts.map(|bouts| events::bouts.eq(bouts)),
            events::doors_at.eq(doors_at),
            events::starts_at.eq(starts_at),
            events::ends_at.eq(ends_at),
            events::version.eq(events::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn set_state(conn: &mut Conn, id: Uuid, state: EventState) -> ApiResult<()> {
    diesel::update(events::table.find(id))
        .set((events::state.eq(state.name()), events::version.eq(events::version + 1)))
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn has_orders(conn: &mut Conn, event: Uuid) -> ApiResult<bool> {
    let orders =
        orders::table.filter(orders::event_id.eq(event)).filter(orders::state.eq_any(["pending", "paid"]));
    Ok(diesel::select(diesel::dsl::exists(orders)).get_result(conn).await?)
}

pub async fn is_laid_out(conn: &mut Conn, event: Uuid) -> ApiResult<bool> {
    let seats = event_seats::table.filter(event_seats::event_id.eq(event));
    let buckets = db_schema::standing_buckets::table.filter(db_schema::standing_buckets::event_id.eq(event));
    let laid = diesel::dsl::exists(seats).or(diesel::dsl::exists(buckets));
    Ok(diesel::select(laid).get_result(conn).await?)
}

/// One row for each label, numbered in their order; `zones[i]` is the zone of `labels[i]`.
pub async fn insert_seats(
    conn: &mut Conn,
    event: Uuid,
    labels: &[String],
    zones: &[String],
) -> ApiResult<()> {
    sql("INSERT INTO event_seats (event_id, seat, zone, position)
         SELECT $1, seat, zone, ordinality - 1
           FROM unnest($2, $3) WITH ORDINALITY AS map (seat, zone, ordinality)")
    .bind::<SqlUuid, _>(event)
    .bind::<Array<Text>, _>(labels)
    .bind::<Array<Text>, _>(zones)
    .execute(conn)
    .await?;
    Ok(())
}

/// `places` standing places, spread evenly over `buckets` rows.
pub async fn insert_buckets(
    conn: &mut Conn,
    event: Uuid,
    zone: &str,
    places: i32,
    buckets: i32,
) -> ApiResult<()> {
    sql("INSERT INTO standing_buckets (event_id, zone, bucket, free)
         SELECT $1, $2, bucket, $3 / $4 + (bucket < $3 % $4)::int
           FROM generate_series(0, $4 - 1) AS bucket")
    .bind::<SqlUuid, _>(event)
    .bind::<Text, _>(zone)
    .bind::<Integer, _>(places)
    .bind::<Integer, _>(buckets)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the orders that wait for payment; their places are not given back, since nothing is sold any more.
pub async fn cancel_pending_orders(conn: &mut Conn, event: Uuid) -> ApiResult<Vec<Uuid>> {
    let waiting = orders::table.filter(orders::event_id.eq(event)).filter(orders::state.eq("pending"));
    let ids = diesel::update(waiting)
        .set(orders::state.eq("cancelled"))
        .returning(orders::id)
        .get_results(conn)
        .await?;
    Ok(ids)
}
