//! Dates and times as people read them, for mail and PDF. The browser formats with `Intl` instead.
//!
//! Everything takes local time: convert from UTC with the venue's zone first. English and Thai are
//! complete (Thai counts years of the Buddhist era); other languages get ISO 8601 dates, which nobody
//! reads wrongly.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime};

use crate::Locale;

const DAYS_TH: [&str; 7] = ["จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์"];
const DAYS_TH_SHORT: [&str; 7] = ["จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา."];
const MONTHS_TH: [&str; 12] = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
];
const MONTHS_TH_SHORT: [&str; 12] =
    ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Years the Buddhist era is ahead.
const BUDDHIST_ERA: i32 = 543;

/// A day in full: `Saturday 12 December 2026`, `วันเสาร์ที่ 12 ธันวาคม 2569`.
#[must_use]
pub fn day(locale: Locale, date: NaiveDate) -> String {
    let (weekday, month) = indices(date);
    match locale {
        Locale::Th => format!(
            "วัน{}ที่ {} {} {}",
            DAYS_TH[weekday],
            date.day(),
            MONTHS_TH[month],
            date.year() + BUDDHIST_ERA
        ),
        Locale::En => format!("{} {} {} {}", DAYS_EN[weekday], date.day(), MONTHS_EN[month], date.year()),
        _ => date.to_string(),
    }
}

/// A day in few letters: `Sat 12 Dec 2026`, `ส. 12 ธ.ค. 2569`.
#[must_use]
pub fn short_day(locale: Locale, date: NaiveDate) -> String {
    let (weekday, month) = indices(date);
    match locale {
        Locale::Th => format!(
            "{} {} {} {}",
            DAYS_TH_SHORT[weekday],
            date.day(),
            MONTHS_TH_SHORT[month],
            date.year() + BUDDHIST_ERA
        ),
        Locale::En => {
            format!("{} {} {} {}", &DAYS_EN[weekday][..3], date.day(), &MONTHS_EN[month][..3], date.year())
        }
        _ => date.to_string(),
    }
}

/// A time of day: `19:00`, `19:00 น.`.
#[must_use]
pub fn time(locale: Locale, time: NaiveTime) -> String {
    let clock = time.format("%H:%M");
    match locale {
        Locale::Th => format!("{clock} น."),
        _ => clock.to_string(),
    }
}

/// A day in few letters with its time: `Sat 12 Dec 2026, 19:00`, `ส. 12 ธ.ค. 2569 เวลา 19:00 น.`.
#[must_use]
pub fn short(locale: Locale, at: NaiveDateTime) -> String {
    joined(locale, short_day(locale, at.date()), at.time())
}

/// A day in full with its time: `Saturday 12 December 2026, 19:00`.
#[must_use]
pub fn long(locale: Locale, at: NaiveDateTime) -> String {
    joined(locale, day(locale, at.date()), at.time())
}

fn joined(locale: Locale, day: String, at: NaiveTime) -> String {
    let between = if locale == Locale::Th { " เวลา " } else { ", " };
    day + between + &time(locale, at)
}

/// Weekday from Monday and month from January, both counted from zero.
fn indices(date: NaiveDate) -> (usize, usize) {
    (date.weekday().num_days_from_monday() as usize, date.month0() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 12, 12).unwrap().and_hms_opt(19, 5, 0).unwrap()
    }

    #[test]
    fn english_and_thai_read_naturally() {
        assert_eq!(short(Locale::En, night()), "Sat 12 Dec 2026, 19:05");
        assert_eq!(long(Locale::En, night()), "Saturday 12 December 2026, 19:05");
        assert_eq!(short(Locale::Th, night()), "ส. 12 ธ.ค. 2569 เวลา 19:05 น.");
        assert_eq!(long(Locale::Th, night()), "วันเสาร์ที่ 12 ธันวาคม 2569 เวลา 19:05 น.");
    }

    #[test]
    fn other_languages_get_a_date_nobody_reads_wrongly() {
        assert_eq!(short(Locale::Ja, night()), "2026-12-12, 19:05");
    }

    #[test]
    fn every_day_and_month_has_its_name() {
        let mut date = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        for _ in 0..365 {
            for locale in Locale::ALL {
                assert!(!day(locale, date).is_empty() && !short_day(locale, date).is_empty());
            }
            date = date.succ_opt().unwrap();
        }
    }
}
