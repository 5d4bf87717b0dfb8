//! Local times of a venue in form fields. The browser knows the zones; we ship no table of them.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// What a `datetime-local` field holds.
const FIELD: &str = "%Y-%m-%dT%H:%M";

/// The instant as a `datetime-local` value on the clocks of `time_zone`; in UTC when the browser does
/// not know the zone.
pub fn to_field(at: DateTime<Utc>, time_zone: &str) -> String {
    local(at, time_zone).unwrap_or_else(|| at.naive_utc()).format(FIELD).to_string()
}

/// The instant at which the clocks of `time_zone` show the value of a `datetime-local` field; `None`
/// when it is empty or incomplete. In the hour that a clock change skips, the later reading counts.
pub fn from_field(value: &str, time_zone: &str) -> Option<DateTime<Utc>> {
    let wanted = NaiveDateTime::parse_from_str(value.get(..16)?, FIELD).ok()?;
    let mut guess = wanted.and_utc();
    for _ in 0..2 {
        let Some(shown) = local(guess, time_zone) else { break };
        guess += wanted - shown;
    }
    Some(guess)
}

/// What the clocks of the zone show at the instant, to the minute.
fn local(at: DateTime<Utc>, time_zone: &str) -> Option<NaiveDateTime> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &time_zone.into()).ok()?;
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    // Swedish writes dates as ISO 8601 does.
    let text = String::from(date.to_locale_string("sv-SE", &options));
    let shown = NaiveDateTime::parse_from_str(text.get(..16)?, "%Y-%m-%d %H:%M").ok()?;
    // A zone with seconds of difference is history; the minute is what people set.
    Some(shown - Duration::zero())
}
