//! How live updates fare.

use contract::endpoints;
use contract::live::LiveStatistics;

use crate::api::{Failure, to};

/// Sockets, rooms and what waits.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn statistics() -> Result<LiveStatistics, Failure> {
    to(endpoints::GET_LIVE_STATISTICS).send().await
}
