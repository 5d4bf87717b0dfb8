//! The rules of events.

mod lay_out;
mod lifecycle;
mod prices;

use contract::{
    ErrorCode, Page,
    events::{CreateEvent, Event, UpdateEvent},
};
use domain::{Fact, ids::new_id, seat_map::SeatMap, state::EventState};
use platform::{
    audit::Change,
    db::{Conn, Tx},
    error::{ApiError, ApiResult},
    guard::Reach,
    http::{Paged, next_page},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    filter::Filter,
    queries::{self, EventRow, NewEvent},
};

pub use lifecycle::move_to;

/// The organisation's events within reach, latest night first.
pub async fn list(
    conn: &mut Conn,
    org: Uuid,
    reach: &Reach,
    filter: &Filter,
    paged: &Paged,
) -> ApiResult<Page<Event>> {
    let rows = queries::list(conn, org, reach, filter, paged.position()?, paged.fetch()).await?;
    let page = next_page(paged, rows, |row| (row.starts_at, row.id))?;
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let mut zones = queries::zones_of(conn, &ids).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let own = zones.extract_if(.., |zone| zone.event_id == row.id).collect::<Vec<_>>();
        items.push(row.into_event(&own)?);
    }
    Ok(Page { items, next: page.next })
}

/// One event of the organisation.
pub async fn get(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Event> {
    let row = queries::find(conn, org, id).await?;
    let zones = queries::zones_of(conn, &[id]).await?;
    row.into_event(&zones)
}

/// Sets up a draft. The venue must be the organisation's own or open to promoters.
pub async fn create(tx: &mut Tx<'_>, org: Uuid, new: &CreateEvent) -> ApiResult<Event> {
    check_times(new.doors_at, new.starts_at, new.ends_at)?;
    let (map_id, map) = bookable_map(tx, org, new).await?;
    let id = new_id();
    queries::insert(
        tx,
        &NewEvent {
            id,
            org_id: org,
            venue_id: new.venue_id,
            seat_map_id: map_id,
            slug: &new.slug,
            texts: serde_json::to_value(&new.texts)?,
            bouts: serde_json::to_value(&new.bouts)?,
            doors_at: new.doors_at,
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            capacity: places(&map)?,
        },
    )
    .await?;
    queries::insert_zones(tx, id, &map).await?;
    prices::set(tx, id, &new.prices).await?;
    let event = get(tx, org, id).await?;
    tx.audit(Change::new(Some(org), "event.created", id).after(noted(&event)));
    Ok(event)
}

async fn bookable_map(tx: &mut Tx<'_>, org: Uuid, new: &CreateEvent) -> ApiResult<(Uuid, SeatMap)> {
    let found = queries::bookable_map(tx, org, new.venue_id, new.seat_map_id).await?;
    let Some((id, map)) = found else {
        return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
            if new.seat_map_id.is_some() { "seat_map_id" } else { "venue_id" },
            "unknown",
            "there is no such venue with a seat map",
        ));
    };
    Ok((id, serde_json::from_value(map)?))
}

/// Changes what `change` names. Somebody else's change in between is refused, not overwritten.
pub async fn update(tx: &mut Tx<'_>, org: Uuid, id: Uuid, change: &UpdateEvent) -> ApiResult<Event> {
    let event = queries::lock(tx, org, id).await?;
    if event.version != change.version {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let state = event.state()?;
    if state == EventState::Cancelled {
        return Err(ApiError::new(ErrorCode::WrongState).detail("A cancelled event stays as it is."));
    }
    let fixed = touches_what_was_sold(change, &event);
    if fixed && queries::has_orders(tx, id).await? {
        return Err(ApiError::new(ErrorCode::WrongState)
            .detail("Times and prices stay as they are once places have been ordered."));
    }
    let times = (
        change.doors_at.unwrap_or(event.doors_at),
        change.starts_at.unwrap_or(event.starts_at),
        change.ends_at.unwrap_or(event.ends_at),
    );
    check_times(times.0, times.1, times.2)?;
    let before = noted(&get(tx, org, id).await?);
    queries::update(tx, id, change, times).await?;
    if let Some(tiers) = &change.prices {
        prices::set(tx, id, tiers).await?;
        if state == EventState::OnSale {
            prices::require_all(tx, id).await?;
        }
    }
    tx.emit(org, Fact::EventChanged { event_id: id }).await?;
    let after = get(tx, org, id).await?;
    tx.audit(Change::new(Some(org), "event.edited", id).between(before, noted(&after)));
    Ok(after)
}

/// What the audit log says of an event. Of its fighters it says how many pairs: they are people.
fn noted(event: &Event) -> Value {
    json!({
        "slug": event.slug,
        "texts": event.texts,
        "doors_at": event.doors_at,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "bouts": event.bouts.len(),
        "prices": event.prices,
    })
}

fn touches_what_was_sold(change: &UpdateEvent, event: &EventRow) -> bool {
    change.prices.is_some()
        || change.doors_at.is_some_and(|at| at != event.doors_at)
        || change.starts_at.is_some_and(|at| at != event.starts_at)
        || change.ends_at.is_some_and(|at| at != event.ends_at)
}

fn check_times(
    doors: chrono::DateTime<chrono::Utc>,
    starts: chrono::DateTime<chrono::Utc>,
    ends: chrono::DateTime<chrono::Utc>,
) -> ApiResult<()> {
    let fault = |field: &str, message: &str| {
        Err(ApiError::new(ErrorCode::InvalidFields).field_fault(field, "out_of_order", message))
    };
    if doors > starts {
        return fault("doors_at", "doors open before the first bout");
    }
    if starts >= ends {
        return fault("ends_at", "the night ends after the first bout");
    }
    Ok(())
}

fn places(map: &SeatMap) -> ApiResult<i32> {
    i32::try_from(map.seat_count() + map.standing_count()).map_err(ApiError::internal)
}
