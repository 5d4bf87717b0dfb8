//! Counting how often something is used, in memory: a timer writes the sums, so that a request costs no
//! write. What a killed process had not written yet (seconds of it) is not counted.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// How often something was used on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// What was used.
    pub id: Uuid,
    /// The day, UTC.
    pub day: NaiveDate,
    /// How often.
    pub count: i64,
    /// When last.
    pub last: DateTime<Utc>,
}

/// By key and day: how often, and when last.
type Sums = HashMap<(Uuid, NaiveDate), (i64, DateTime<Utc>)>;

/// Sums not written yet, by thing and day.
#[derive(Debug, Default)]
pub struct UseCounter(Mutex<Sums>);

impl UseCounter {
    /// How often the sums are written.
    pub const WRITE_EVERY: Duration = Duration::from_secs(10);

    /// Counts one use.
    pub fn count(&self, id: Uuid, now: DateTime<Utc>) {
        self.add(Uses { id, day: now.date_naive(), count: 1, last: now });
    }

    /// Counts again what could not be written.
    pub fn add(&self, uses: Uses) {
        let mut sums = self.sums();
        let (count, last) = sums.entry((uses.id, uses.day)).or_insert((0, uses.last));
        *count += uses.count;
        *last = uses.last.max(*last);
    }

    /// Takes the sums to write them.
    #[must_use]
    pub fn take(&self) -> Vec<Uses> {
        let sums = std::mem::take(&mut *self.sums());
        sums.into_iter().map(|((id, day), (count, last))| Uses { id, day, count, last }).collect()
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        // Sums stay sums whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_add_up_by_day_and_are_taken_once() {
        let counter = UseCounter::default();
        let noon = DateTime::from_timestamp(1_795_176_000, 0).unwrap();
        let id = Uuid::from_u128(1);
        counter.count(id, noon);
        counter.count(id, noon + chrono::TimeDelta::seconds(1));
        counter.count(id, noon + chrono::TimeDelta::days(1));
        let mut taken = counter.take();
        taken.sort_by_key(|uses| uses.day);
        assert_eq!(taken.iter().map(|uses| uses.count).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(taken[0].last, noon + chrono::TimeDelta::seconds(1));
        assert_eq!(counter.take(), []);
        counter.add(taken[0]);
        assert_eq!(counter.take(), [taken[0]]);
    }
}
