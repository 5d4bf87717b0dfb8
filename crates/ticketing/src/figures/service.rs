//! Puts an event's figures together.

use chrono::{DateTime, Utc};
use contract::figures::{DayFigures, Figures, ZoneFigures};
use domain::Money;
use platform::{db::Conn, error::ApiResult};
use uuid::Uuid;

use super::queries;
use crate::events::queries as events;

/// Sales and admission of an event of the organisation, as of `now`.
pub async fn get(conn: &mut Conn, org: Uuid, event: Uuid, now: DateTime<Utc>) -> ApiResult<Figures> {
    let found = events::find(conn, org, event).await?;
    let zones: Vec<ZoneFigures> =
        queries::zones(conn, event, now).await?.into_iter().map(Into::into).collect();
    let orders = queries::orders(conn, event, now).await?;
    let days = queries::days(conn, event, &found.time_zone).await?;
    let sum = |of: fn(&ZoneFigures) -> i32| zones.iter().map(of).sum::<i32>();
    let (sold, held) = (sum(|zone| zone.sold), sum(|zone| zone.held));
    Ok(Figures {
        event_id: event,
        as_of: now,
        capacity: found.capacity,
        sold,
        held,
        free: (found.capacity - sold - held).max(0),
        admitted: sum(|zone| zone.admitted),
        revenue: Money::thb(zones.iter().map(|zone| zone.revenue.amount).sum()),
        orders_paid: orders.paid,
        orders_pending: orders.pending,
        days: days
            .into_iter()
            .map(|row| DayFigures { day: row.day, sold: row.sold, revenue: Money::thb(row.revenue) })
            .collect(),
        zones,
    })
}
