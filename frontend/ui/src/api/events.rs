//! Fight nights as the public sees them.

use contract::endpoints;
use contract::events::{Availability, PublicEvent};
use contract::page::Page;
use domain::seat_map::SeatMap;

use super::{Failure, call};

/// Events the public may see, soonest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn coming() -> Result<Page<PublicEvent>, Failure> {
    call(endpoints::LIST_PUBLIC_EVENTS, &[], None).await
}

/// One event by its slug or id.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(event: &str) -> Result<PublicEvent, Failure> {
    call(endpoints::GET_PUBLIC_EVENT, &[event], None).await
}

/// The event's seat map.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn seat_map(event: &str) -> Result<SeatMap, Failure> {
    call(endpoints::GET_PUBLIC_SEAT_MAP, &[event], None).await
}

/// What is free just now.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn availability(event: &str) -> Result<Availability, Failure> {
    call(endpoints::GET_AVAILABILITY, &[event], None).await
}
