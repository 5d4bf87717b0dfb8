//! What the public may know of an event.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contract::{
    Page,
    events::{Availability, EventText, PublicEvent},
};
use domain::{Locale, state::EventState};
use platform::{
    db::Conn,
    error::{ApiError, ApiResult},
    http::{Paged, next_page},
};
use serde_json::Value;
use uuid::Uuid;

use super::queries::{self, PublicRow};
use crate::events::queries as events;

/// Events from last night on, soonest first.
pub async fn list(
    conn: &mut Conn,
    locale: Locale,
    now: DateTime<Utc>,
    paged: &Paged,
) -> ApiResult<Page<PublicEvent>> {
    let rows = queries::public_list(conn, now, paged.position()?, paged.fetch()).await?;
    let page = next_page(paged, rows, |row| (row.starts_at, row.id))?;
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let mut zones = events::zones_of(conn, &ids).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let own = zones.extract_if(.., |zone| zone.event_id == row.id).collect::<Vec<_>>();
        items.push(public_event(row, &own, locale)?);
    }
    Ok(Page { items, next: page.next })
}

/// One event by slug or id.
pub async fn get(conn: &mut Conn, locale: Locale, now: DateTime<Utc>, event: &str) -> ApiResult<PublicEvent> {
    let row = queries::public_find(conn, now, event).await?;
    let zones = events::zones_of(conn, &[row.id]).await?;
    public_event(row, &zones, locale)
}

/// The map of an event.
pub async fn seat_map(conn: &mut Conn, event: &str) -> ApiResult<Value> {
    queries::public_seat_map(conn, event).await
}

/// What is free. Before the sale is opened every place counts as not for sale.
pub async fn availability(conn: &mut Conn, now: DateTime<Utc>, event: &str) -> ApiResult<Availability> {
    let event_id = queries::public_id(conn, event).await?;
    let seats = queries::seat_letters(conn, event_id, now).await?;
    let standing = queries::standing_free(conn, event_id, now).await?;
    let mut free: BTreeMap<String, i32> =
        queries::seats_free(conn, event_id, now).await?.into_iter().collect();
    let standing: BTreeMap<String, i32> = standing.into_iter().collect();
    free.extend(standing.clone());
    Ok(Availability { event_id, version: now.timestamp_millis(), seats, standing, free })
}

fn public_event(row: PublicRow, zones: &[events::ZoneRow], locale: Locale) -> ApiResult<PublicEvent> {
    let state = EventState::from_name(&row.state)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("event state {}", row.state)))?;
    let text = in_language(serde_json::from_value(row.texts)?, locale)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("event {} has no text", row.id)))?;
    let prices = events::tiers(zones)?;
    Ok(PublicEvent {
        id: row.id,
        slug: row.slug,
        state,
        title: text.title,
        description: text.description,
        promoter: row.promoter,
        venue_name: row.venue_name,
        venue_address: row.venue_address,
        time_zone: row.time_zone,
        doors_at: row.doors_at,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        bouts: serde_json::from_value(row.bouts)?,
        from_price: prices.iter().map(|tier| tier.price).min_by_key(|price| price.amount),
        prices,
        sold_out: state == EventState::OnSale && row.sold_out,
        seat_map_id: row.seat_map_id,
    })
}

/// The text in the reader's language, else in English, else in any.
pub fn in_language(mut texts: BTreeMap<String, EventText>, locale: Locale) -> Option<EventText> {
    texts
        .remove(locale.code())
        .or_else(|| texts.remove(Locale::En.code()))
        .or_else(|| texts.into_values().next())
}
