//! What time it is. Everything asks this clock and none other, so that tests can turn it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};

/// The system's clock, or one that stands still until a test moves it.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock for tests: microseconds since 1970, shared by all its clones.
    Fake(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start` until moved.
    #[must_use]
    pub fn fake(start: DateTime<Utc>) -> Self {
        Self::Fake(Arc::new(AtomicI64::new(start.timestamp_micros())))
    }

    /// The present instant in whole microseconds, as PostgreSQL keeps it: what is written is read
    /// back equal.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match self {
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX)),
            Self::Fake(micros) => micros.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Moves a fake clock forward; the system's clock cannot be moved.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Fake(micros) = self {
            micros.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}
