//! Short claims on seats.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::holds::{BestAvailable, Hold, PlaceHold};

use super::{Failure, to};

/// Claims seats and standing places: all or none.
///
/// # Errors
/// [`Failure`]; with `seat_taken` it lists `taken`.
pub async fn place(event: &str, wish: &PlaceHold, intent: &str) -> Result<Hold, Failure> {
    to(endpoints::PLACE_HOLD).at(&[event]).body(wish).intent(intent).send().await
}

/// Claims the best free seats.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn best(event: &str, wish: &BestAvailable, intent: &str) -> Result<Hold, Failure> {
    to(endpoints::HOLD_BEST).at(&[event]).body(wish).intent(intent).send().await
}

/// Gives a hold back.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn release(hold: &Hold) -> Result<Nothing, Failure> {
    to(endpoints::RELEASE_HOLD).at(&[&hold.id.to_string()]).access(Some(&hold.secret)).send().await
}
