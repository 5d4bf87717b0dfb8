//! Money, numbers, dates and times in the reader's language, by the browser's own `Intl`.

use chrono::{DateTime, Utc};
use domain::{Locale, Money};
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::i18n;

/// The tag `Intl` gets for the language of the pages. Tracks.
fn tag() -> &'static str {
    match i18n::locale() {
        Locale::En => "en-GB",
        Locale::Th => "th-TH",
        Locale::Es => "es-ES",
        Locale::Fr => "fr-FR",
        Locale::De => "de-DE",
        Locale::Ja => "ja-JP",
        Locale::Ko => "ko-KR",
        Locale::Zh => "zh-CN",
    }
}

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

fn locales() -> Array {
    Array::of1(&JsValue::from_str(tag()))
}

fn formatted_number(value: f64, pairs: &[(&str, JsValue)]) -> String {
    let formatter = Intl::NumberFormat::new(&locales(), &options(pairs));
    let format = formatter.format();
    format
        .call1(&JsValue::UNDEFINED, &JsValue::from_f64(value))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| value.to_string())
}

/// A whole number: `8,192`.
#[must_use]
pub fn number(value: i64) -> String {
    formatted_number(value as f64, &[])
}

/// A share of one as per cent: `0.5` is `50%`.
#[must_use]
pub fn percent(share: f64) -> String {
    formatted_number(share, &[("style", "percent".into()), ("maximumFractionDigits", 0.into())])
}

/// Money with its sign; a whole amount without zeros behind the point: `฿1,500`.
#[must_use]
pub fn money(money: Money) -> String {
    let unit = 10_i64.pow(u32::from(money.decimals()));
    let digits = if money.amount % unit == 0 { 0 } else { i32::from(money.decimals()) };
    formatted_number(
        money.amount as f64 / unit as f64,
        &[
            ("style", "currency".into()),
            ("currency", money.currency.code().into()),
            ("currencyDisplay", "narrowSymbol".into()),
            ("minimumFractionDigits", digits.into()),
            ("maximumFractionDigits", digits.into()),
        ],
    )
}

/// How much of a date or time is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `Saturday 5 December 2026`.
    LongDate,
    /// `Sat 5 Dec`.
    ShortDate,
    /// `5`.
    Day,
    /// `Dec`.
    Month,
    /// `Saturday`.
    Weekday,
    /// `December 2026`.
    MonthYear,
    /// `18:30`.
    Time,
    /// `5 Dec 2026, 18:30`.
    Full,
    /// `5 Dec, 18:30:07`.
    Precise,
}

impl Style {
    fn pairs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::LongDate => {
                &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")]
            }
            Self::ShortDate => &[("weekday", "short"), ("day", "numeric"), ("month", "short")],
            Self::Day => &[("day", "numeric")],
            Self::Month => &[("month", "short")],
            Self::Weekday => &[("weekday", "long")],
            Self::MonthYear => &[("month", "long"), ("year", "numeric")],
            Self::Time => &[("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")],
            Self::Full => &[
                ("day", "numeric"),
                ("month", "short"),
                ("year", "numeric"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("hourCycle", "h23"),
            ],
            Self::Precise => &[
                ("day", "numeric"),
                ("month", "short"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
                ("hourCycle", "h23"),
            ],
        }
    }
}

/// An instant as people at `time_zone` (an IANA name) read it from calendar and clock.
#[must_use]
pub fn at(instant: DateTime<Utc>, time_zone: &str, style: Style) -> String {
    formatted_date(instant, Some(time_zone), style)
}

/// An instant on the clock of whoever reads.
#[must_use]
pub fn here(instant: DateTime<Utc>, style: Style) -> String {
    formatted_date(instant, None, style)
}

fn formatted_date(instant: DateTime<Utc>, time_zone: Option<&str>, style: Style) -> String {
    let mut pairs: Vec<(&str, JsValue)> =
        style.pairs().iter().map(|(name, value)| (*name, (*value).into())).collect();
    if let Some(zone) = time_zone {
        pairs.push(("timeZone", zone.into()));
    }
    let formatter = Intl::DateTimeFormat::new(&locales(), &options(&pairs));
    let date = Date::new(&JsValue::from_f64(instant.timestamp_millis() as f64));
    let text = formatter.format().call1(&JsValue::UNDEFINED, date.unchecked_ref());
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| instant.to_rfc3339())
}

/// Seconds as a clock shows them: `9:05`.
#[must_use]
pub fn clock(seconds: i64) -> String {
    let seconds = seconds.max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
