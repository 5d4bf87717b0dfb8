//! How the sale of an event goes.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Money;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Sales and admission of one event, as of now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Figures {
    /// The event.
    pub event_id: Uuid,
    /// When they were taken.
    pub as_of: DateTime<Utc>,
    /// Places in all.
    pub capacity: i32,
    /// Places sold.
    pub sold: i32,
    /// Places held or ordered, not paid.
    pub held: i32,
    /// Places free.
    pub free: i32,
    /// Guests inside.
    pub admitted: i32,
    /// Money received.
    pub revenue: Money,
    /// Orders paid.
    pub orders_paid: i32,
    /// Orders waiting for payment.
    pub orders_pending: i32,
    /// By zone.
    pub zones: Vec<ZoneFigures>,
    /// By day of payment in the venue's time zone, without gaps, oldest first.
    pub days: Vec<DayFigures>,
}

/// One zone's sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ZoneFigures {
    /// The zone's code.
    pub zone: String,
    /// Its name.
    pub name: String,
    /// Places in it.
    pub capacity: i32,
    /// Places sold.
    pub sold: i32,
    /// Places held.
    pub held: i32,
    /// Guests inside.
    pub admitted: i32,
    /// Money received.
    pub revenue: Money,
}

/// One day's sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct DayFigures {
    /// The day.
    pub day: NaiveDate,
    /// Places sold that day.
    pub sold: i32,
    /// Money received that day.
    pub revenue: Money,
}
