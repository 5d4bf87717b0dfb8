//! Every SQL statement of scans.

use chrono::{DateTime, Utc};
use contract::{
    ErrorCode,
    scans::{ScanEntry, ScanOutcome},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use super::reading;

/// Guests are counted in this many rows an event, so that busy gates seldom wait for each other.
const SLOTS: i16 = 16;

/// Where a reading happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub org: Uuid,
    pub event_id: Uuid,
    pub gate_id: Uuid,
    /// The person; none for a program.
    pub by: Option<Uuid>,
    pub now: DateTime<Utc>,
    /// In which language zones are named.
    pub locale: Locale,
}

/// Where we stand, and the ticket that was admitted there just now, if it was.
#[derive(Debug, QueryableByName)]
pub(crate) struct AdmittedRow {
    #[diesel(sql_type = Bool)]
    pub gate_exists: bool,
    #[diesel(sql_type = Bool)]
    pub cancelled: bool,
    #[diesel(sql_type = Array<Text>)]
    gate_zones: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub zone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub zone_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub seat: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub tier: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub admitted: i64,
}

impl AdmittedRow {
    /// Whether the gate leads to the zone; one that names no zones leads to all.
    pub fn leads_to(&self, zone: &str) -> bool {
        self.gate_zones.is_empty() || self.gate_zones.iter().any(|code| code == zone)
    }
}

/// Admits a ticket, logs it and counts the guest, in one statement. The conditional UPDATE makes it
/// once: of two scanners the second waits for the first, looks again and finds no valid ticket.
/// No row when the event is not the organisation's.
pub(crate) async fn admit(
    mut conn: &Conn,
    place: &Place,
    scan_id: Uuid,
    ticket_id: Uuid,
    generation: u32,
) -> ApiResult<Option<AdmittedRow>> {
    let rows: Vec<AdmittedRow> = sql("WITH here AS (
             SELECT e.id AS event_id, e.org_id, e.state = 'cancelled' AS cancelled, g.id AS gate_id,
                    coalesce(g.zones, '{}') AS zones
               FROM events e LEFT JOIN gates g ON g.id = $3 AND g.venue_id = e.venue_id
              WHERE e.id = $2 AND e.org_id = $1
         ), admitted AS (
             UPDATE tickets t SET state = 'admitted', admitted_at = $5, admitted_gate_id = $3
               FROM here
              WHERE t.id = $7 AND t.event_id = here.event_id AND t.state = 'valid' AND t.generation = $8
                AND here.gate_id IS NOT NULL AND NOT here.cancelled
             RETURNING t.id, t.event_id, t.org_id, t.zone, t.seat, t.tier
         ), logged AS (
             INSERT INTO scans (id, org_id, event_id, gate_id, ticket_id, outcome, scanned_by, scanned_at)
             SELECT $6, org_id, event_id, $3, id, 'admitted', $4, $5 FROM admitted
         ), counted AS (
             INSERT INTO admission_counts (event_id, slot, admitted) SELECT event_id, $9, 1 FROM admitted
             ON CONFLICT (event_id, slot) DO UPDATE SET admitted = admission_counts.admitted + 1
         )
         SELECT here.gate_id IS NOT NULL AS gate_exists, here.cancelled, here.zones AS gate_zones,
                a.zone, zone_name(z, $10), a.seat, a.tier,
                (SELECT coalesce(sum(c.admitted), 0) + 1 FROM admission_counts c WHERE c.event_id = $2) AS admitted
           FROM here
           LEFT JOIN admitted a ON true
           LEFT JOIN event_zones z ON z.event_id = a.event_id AND z.zone = a.zone")
    .bind::<SqlUuid, _>(place.org)
    .bind::<SqlUuid, _>(place.event_id)
    .bind::<SqlUuid, _>(place.gate_id)
    .bind::<Nullable<SqlUuid>, _>(place.by)
    .bind::<Timestamptz, _>(place.now)
    .bind::<SqlUuid, _>(scan_id)
    .bind::<SqlUuid, _>(ticket_id)
    .bind::<Integer, _>(i32::try_from(generation).unwrap_or(-1))
    .bind::<SmallInt, _>(rand::random_range(0..SLOTS))
    .bind::<Text, _>(place.locale.code())
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// Adds to the count of guests inside.
pub(crate) async fn count(mut conn: &Conn, event_id: Uuid, by: i32) -> ApiResult<()> {
    sql("INSERT INTO admission_counts (event_id, slot, admitted) VALUES ($1, $2, $3)
         ON CONFLICT (event_id, slot) DO UPDATE SET admitted = admission_counts.admitted + $3")
    .bind::<SqlUuid, _>(event_id)
    .bind::<SmallInt, _>(rand::random_range(0..SLOTS))
    .bind::<Integer, _>(by)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Whether a place exists.
#[derive(Debug, QueryableByName)]
pub(crate) struct HereRow {
    #[diesel(sql_type = Bool)]
    pub gate_exists: bool,
    #[diesel(sql_type = Bool)]
    pub cancelled: bool,
}

/// The event of the organisation and whether the gate is one of its venue.
pub(crate) async fn here(mut conn: &Conn, place: &Place) -> ApiResult<Option<HereRow>> {
    let rows: Vec<HereRow> = sql("SELECT g.id IS NOT NULL AS gate_exists, e.state = 'cancelled' AS cancelled
               FROM events e LEFT JOIN gates g ON g.id = $3 AND g.venue_id = e.venue_id
              WHERE e.id = $2 AND e.org_id = $1")
    .bind::<SqlUuid, _>(place.org)
    .bind::<SqlUuid, _>(place.event_id)
    .bind::<SqlUuid, _>(place.gate_id)
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// Logs a reading that was refused.
pub(crate) async fn log(
    mut conn: &Conn,
    place: &Place,
    scan_id: Uuid,
    ticket_id: Option<Uuid>,
    outcome: ScanOutcome,
) -> ApiResult<()> {
    sql("INSERT INTO scans (id, org_id, event_id, gate_id, ticket_id, outcome, scanned_by, scanned_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind::<SqlUuid, _>(scan_id)
    .bind::<SqlUuid, _>(place.org)
    .bind::<SqlUuid, _>(place.event_id)
    .bind::<SqlUuid, _>(place.gate_id)
    .bind::<Nullable<SqlUuid>, _>(ticket_id)
    .bind::<Text, _>(reading::name(outcome))
    .bind::<Nullable<SqlUuid>, _>(place.by)
    .bind::<Timestamptz, _>(place.now)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// A ticket as the gate needs to know it when it does not admit.
#[derive(Debug, QueryableByName)]
pub(crate) struct TicketRow {
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Integer)]
    pub generation: i32,
    #[diesel(sql_type = Text)]
    pub zone: String,
    #[diesel(sql_type = Text)]
    pub zone_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub seat: Option<String>,
    #[diesel(sql_type = Text)]
    pub tier: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub admitted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub admitted_gate: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub revoke_reason: Option<String>,
}

pub(crate) async fn ticket(mut conn: &Conn, place: &Place, id: Uuid) -> ApiResult<Option<TicketRow>> {
    let rows: Vec<TicketRow> = sql("SELECT t.state, t.generation, t.zone, zone_name(z, $3), t.seat, t.tier,
                t.admitted_at, g.name AS admitted_gate, t.revoke_reason
           FROM tickets t
           JOIN event_zones z ON z.event_id = t.event_id AND z.zone = t.zone
           LEFT JOIN gates g ON g.id = t.admitted_gate_id
          WHERE t.id = $1 AND t.event_id = $2")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(place.event_id)
    .bind::<Text, _>(place.locale.code())
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// A reading in the log.
#[derive(Debug, QueryableByName)]
pub(crate) struct EntryRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub scanned_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    gate: String,
    #[diesel(sql_type = Text)]
    outcome: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    ticket_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    place: Option<String>,
}

impl EntryRow {
    pub fn into_entry(self) -> ApiResult<ScanEntry> {
        let outcome = reading::of_name(&self.outcome)
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("scan outcome {}", self.outcome)))?;
        Ok(ScanEntry {
            id: self.id,
            scanned_at: self.scanned_at,
            gate: self.gate,
            outcome,
            ticket_id: self.ticket_id,
            place: self.place,
        })
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Readings at the gates of an event of the organisation, newest first.
pub(crate) async fn list(
    mut conn: &Conn,
    org: Uuid,
    event_id: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> ApiResult<Vec<EntryRow>> {
    let events: Count = sql("SELECT count(*) AS count FROM events WHERE id = $1 AND org_id = $2")
        .bind::<SqlUuid, _>(event_id)
        .bind::<SqlUuid, _>(org)
        .get_result(&mut conn)
        .await?;
    if events.count == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    let (at, id) = after.unzip();
    let rows = sql("SELECT s.id, s.scanned_at, g.name AS gate, s.outcome, s.ticket_id,
                coalesce(t.seat, t.zone) AS place
           FROM scans s
           JOIN gates g ON g.id = s.gate_id
           LEFT JOIN tickets t ON t.id = s.ticket_id
          WHERE s.event_id = $1 AND ($2 IS NULL OR (s.scanned_at, s.id) < ($2, $3))
          ORDER BY s.scanned_at DESC, s.id DESC LIMIT $4")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(limit)
    .get_results(&mut conn)
    .await?;
    Ok(rows)
}
