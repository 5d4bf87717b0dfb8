//! Tickets as they are printed.

use chrono_tz::Tz;
use contract::events::Bout;
use documents::TicketDocument;
use domain::{Locale, local_time, seat::SeatLabel};
use platform::error::{ApiError, ApiResult};

use super::{codes::Codes, queries::TicketRow};
use crate::inventory::money;

/// What is printed for a ticket, in the language of its order and the venue's time.
pub(super) fn document(row: &TicketRow, codes: &Codes) -> ApiResult<TicketDocument> {
    let locale = Locale::from_tag(&row.locale).unwrap_or_default();
    let zone: Tz = row.time_zone.parse().map_err(|error| ApiError::internal(anyhow::anyhow!("{error}")))?;
    let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).naive_local();
    let bouts: Vec<Bout> = serde_json::from_value(row.bouts.clone())?;
    let main = bouts.into_iter().next();
    let label: Option<SeatLabel> =
        row.seat.as_deref().map(str::parse).transpose().map_err(ApiError::internal)?;
    Ok(TicketDocument {
        brand: row.promoter.clone(),
        event_title: row.event_title.clone(),
        red_corner: main.as_ref().map(|bout| bout.red.clone()),
        blue_corner: main.map(|bout| bout.blue),
        date_line: local_time::short(locale, local(row.starts_at)),
        doors_line: Some(local_time::time(locale, local(row.doors_at).time())),
        venue: row.venue_name.clone(),
        venue_address: row.venue_address.clone(),
        zone: row.zone_name.clone(),
        row: label.as_ref().map(|label| label.row().to_owned()),
        seat: label.as_ref().map(|label| label.number().to_owned()),
        ticket_type: row.tier.clone(),
        price_line: money(row.price, &row.currency)?.text(),
        holder: Some(row.buyer_name.clone()),
        order_number: row.reference.clone(),
        ticket_number: number(row.id),
        code: row.code(codes)?,
        locale: match locale {
            Locale::Th => documents::Locale::Th,
            _ => documents::Locale::En,
        },
    })
}

/// The short number a person reads out: the last eight digits of the id.
fn number(id: uuid::Uuid) -> String {
    let digits = id.simple().to_string().to_uppercase();
    format!("{}-{}", &digits[24..28], &digits[28..])
}
