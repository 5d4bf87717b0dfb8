//! When a timer runs next.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::Cron;

/// How often, or when by the clock on the wall.
pub(super) enum Schedule {
    /// After so long.
    Every(Duration),
    /// At the times of a cron expression.
    At(Box<Cron>),
}

impl Schedule {
    /// By a cron expression of five fields.
    pub(super) fn cron(expression: &'static str) -> Self {
        let cron = expression.parse();
        Self::At(Box::new(
            cron.unwrap_or_else(|error| panic!("`{expression}` is no cron expression: {error}")),
        ))
    }

    /// The first time after `now`. A time that a change of the clock leaves out is made up for right
    /// after it; one that comes twice counts once.
    pub(super) fn next(&self, now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Every(time) => now + TimeDelta::from_std(*time).unwrap_or(TimeDelta::hours(1)),
            Self::At(cron) => match cron.find_next_occurrence(&now.with_timezone(&zone), false) {
                Ok(next) => next.to_utc(),
                Err(error) => {
                    tracing::error!(%error, "a timer has no next time; it is looked at again in an hour");
                    now + TimeDelta::hours(1)
                }
            },
        }
    }

    /// Whether it runs when it is seen for the first time.
    pub(super) fn begins_at_once(&self) -> bool {
        matches!(self, Self::Every(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn three_in_the_morning_is_that_of_the_place() {
        let night = Schedule::cron("0 3 * * *");
        let next = night.next(utc("2026-11-25T12:00:00Z"), Tz::Asia__Bangkok);
        assert_eq!(next, utc("2026-11-25T20:00:00Z"));
        assert_eq!(night.next(next, Tz::Asia__Bangkok), utc("2026-11-26T20:00:00Z"));
    }

    #[test]
    fn a_clock_that_is_moved_neither_skips_nor_doubles_a_night() {
        let night = Schedule::cron("30 2 * * *");
        let spring = night.next(utc("2026-03-28T12:00:00Z"), Tz::Europe__Berlin);
        assert_eq!(
            spring.date_naive(),
            utc("2026-03-29T00:00:00Z").date_naive(),
            "half past two is left out"
        );
        let before = utc("2026-10-24T12:00:00Z");
        let (autumn, after) = {
            let first = night.next(before, Tz::Europe__Berlin);
            (first, night.next(first, Tz::Europe__Berlin))
        };
        assert_eq!(autumn.date_naive(), utc("2026-10-25T00:00:00Z").date_naive());
        assert_eq!(after.date_naive(), utc("2026-10-26T00:00:00Z").date_naive(), "half past two comes twice");
    }
}
