//! Quiet hours: from one time of the day to another on the person's own clock.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = SmallInt)]
    begins: i16,
    #[diesel(sql_type = SmallInt)]
    ends: i16,
}

/// Until when a person wants quiet; none: they do not at `now`.
pub(crate) async fn until(
    conn: &mut Conn,
    user: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<DateTime<Utc>>> {
    let query = sql("SELECT time_zone, begins, ends FROM quiet_hours WHERE user_id = $1");
    let row: Option<Row> = query.bind::<SqlUuid, _>(user).get_result(conn).await.optional()?;
    let Some(row) = row else { return Ok(None) };
    let zone: Tz = row
        .time_zone
        .parse()
        .map_err(|_| ApiError::internal(anyhow::anyhow!("unknown time zone {}", row.time_zone)))?;
    Ok(ends(zone, row.begins, row.ends, now))
}

/// When the quiet ends that `now` lies in, by minutes of the day; none: it lies in none. Where the clock is put
/// forward over the end it ends with that.
fn ends(zone: Tz, begins: i16, ends: i16, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let local = now.with_timezone(&zone);
    let minute = i16::try_from(local.hour() * 60 + local.minute()).ok()?;
    let over_midnight = ends < begins;
    let inside =
        if over_midnight { minute >= begins || minute < ends } else { (begins..ends).contains(&minute) };
    if !inside {
        return None;
    }
    let day = local.date_naive();
    let day = if over_midnight && minute >= begins { day.checked_add_days(Days::new(1))? } else { day };
    let at = NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(ends).ok()? * 60, 0)?;
    let end = day.and_time(at);
    // What is skipped begins and ends on a quarter, and is short.
    let mut quarters = (0..=16).map(|quarter| end + TimeDelta::minutes(15 * quarter));
    let found = quarters.find_map(|end| {
        let end = zone.from_local_datetime(&end);
        // Where the clock is put back over it, it comes twice: the first that is still to come.
        [end.earliest(), end.latest()].into_iter().flatten().find(|end| *end > now)
    })?;
    Some(found.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: (i16, i16) = (22 * 60, 7 * 60 + 30);

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn ends_at(zone: Tz, (begin, end): (i16, i16), now: &str) -> Option<DateTime<Utc>> {
        ends(zone, begin, end, at(now))
    }

    #[test]
    fn a_night_goes_over_midnight_on_the_clock_of_the_place() {
        let bangkok = chrono_tz::Asia::Bangkok;
        let morning = Some(at("2026-11-30T00:30:00Z"));
        assert_eq!(ends_at(bangkok, NIGHT, "2026-11-29T14:59:59Z"), None, "21:59");
        assert_eq!(ends_at(bangkok, NIGHT, "2026-11-29T15:00:00Z"), morning, "22:00");
        assert_eq!(ends_at(bangkok, NIGHT, "2026-11-29T18:00:00Z"), morning, "01:00 of the next day");
        assert_eq!(ends_at(bangkok, NIGHT, "2026-11-30T00:29:59Z"), morning, "07:29");
        assert_eq!(ends_at(bangkok, NIGHT, "2026-11-30T00:30:00Z"), None, "07:30");
    }

    #[test]
    fn an_afternoon_stays_within_its_day() {
        let rest = (13 * 60, 15 * 60);
        let utc = chrono_tz::UTC;
        assert_eq!(ends_at(utc, rest, "2026-11-29T14:00:00Z"), Some(at("2026-11-29T15:00:00Z")));
        assert_eq!(ends_at(utc, rest, "2026-11-29T15:00:00Z"), None);
        assert_eq!(ends_at(utc, rest, "2026-11-29T12:59:00Z"), None);
    }

    #[test]
    fn where_the_clock_is_put_back_over_the_end_it_is_still_to_come() {
        // In Berlin 02:00 to 03:00 comes twice on 25 October 2026.
        let berlin = chrono_tz::Europe::Berlin;
        let night = (22 * 60, 2 * 60 + 30);
        assert_eq!(ends_at(berlin, night, "2026-10-25T00:10:00Z"), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(ends_at(berlin, night, "2026-10-25T01:10:00Z"), Some(at("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn where_the_clock_is_put_forward_over_the_end_it_ends_with_that() {
        // In Berlin 02:00 to 03:00 is skipped on 29 March 2026.
        let berlin = chrono_tz::Europe::Berlin;
        let found = ends_at(berlin, (22 * 60, 2 * 60 + 30), "2026-03-29T00:30:00Z");
        assert_eq!(found, Some(at("2026-03-29T01:00:00Z")));
    }
}
