//! When a webhook that failed is tried again.

use chrono::{DateTime, TimeDelta, Utc};

/// The pauses after the first attempt, the second and so on: ten attempts within about three days.
const PAUSES: [TimeDelta; 9] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(14),
    TimeDelta::hours(20),
    TimeDelta::hours(24),
];

/// No receiver puts us off for longer.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// For how long a receiver may fail before it is sent nothing more.
pub(super) const FAILING_FOR: TimeDelta = TimeDelta::days(5);

/// The pause after so many attempts, up to a fifth longer so that not all come back at once; the receiver may
/// ask for a longer one. `None` when it was the last attempt.
pub(super) fn pause(tried: i32, asked_for: Option<TimeDelta>) -> Option<TimeDelta> {
    let pause = usize::try_from(tried).ok()?.checked_sub(1).and_then(|at| PAUSES.get(at))?;
    let millis = pause.num_milliseconds();
    let jittered = TimeDelta::milliseconds(rand::random_range(millis..=millis + millis / 5));
    let asked_for = asked_for.unwrap_or_default().min(LONGEST);
    Some(jittered.max(asked_for))
}

/// What `Retry-After` says: seconds, or an instant (RFC 9110, 10.2.3).
pub(super) fn retry_after(header: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u32>() {
        return Some(TimeDelta::seconds(seconds.into()));
    }
    let at = DateTime::parse_from_rfc2822(header).ok()?;
    Some((at.to_utc() - now).max(TimeDelta::zero()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_day_and_end() {
        for (tried, least) in (1..).zip(PAUSES) {
            for _ in 0..20 {
                let pause = pause(tried, None).unwrap();
                assert!(pause >= least && pause <= least + least / 5, "{tried}: {pause}");
            }
        }
        assert_eq!(pause(10, None), None);
        assert_eq!(pause(0, None), None);
        assert_eq!(pause(10, Some(TimeDelta::hours(1))), None, "asking makes no attempt more");
    }

    #[test]
    fn a_receiver_asks_for_a_longer_pause_but_no_shorter_one() {
        assert_eq!(pause(1, Some(TimeDelta::hours(1))), Some(TimeDelta::hours(1)));
        assert!(pause(4, Some(TimeDelta::seconds(1))).unwrap() >= TimeDelta::hours(2));
        assert_eq!(pause(1, Some(TimeDelta::days(300))), Some(LONGEST));
    }

    #[test]
    fn retry_after_is_seconds_or_an_instant() {
        let now = DateTime::from_timestamp(1_795_176_000, 0).unwrap();
        assert_eq!(retry_after("120", now), Some(TimeDelta::minutes(2)));
        assert_eq!(retry_after(" Fri, 20 Nov 2026 12:10:00 GMT", now), Some(TimeDelta::minutes(10)));
        assert_eq!(retry_after("Fri, 20 Nov 2026 11:00:00 GMT", now), Some(TimeDelta::zero()));
        for bad in ["", "soon", "-5", "1.5"] {
            assert_eq!(retry_after(bad, now), None, "{bad}");
        }
    }
}
