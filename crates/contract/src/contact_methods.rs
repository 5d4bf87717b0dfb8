//! How a person is reached besides their mail address, what reaches them, and when they want quiet.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::channels::{Channel, Topic};

/// A way to reach the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ContactMethod {
    /// The method.
    pub id: Uuid,
    /// What kind it is.
    pub channel: Channel,
    /// Through whose account; none for a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// What is shown of it.
    #[cfg_attr(feature = "utoipa", schema(example = "+66 … 89"))]
    pub shown: String,
    /// When the person proved that it is theirs; nothing but the proof is sent there before.
    pub verified_at: Option<DateTime<Utc>>,
    /// When the other side said that it leads nowhere any more.
    pub gone_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// An organisation that can be reached by a channel, and reaches the person by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ContactOffer {
    /// The organisation.
    pub org_id: Uuid,
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub organisation: String,
    /// By what: `sms`, `line`, `whatsapp` or `messenger`.
    pub channel: Channel,
}

/// Begins to add a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartContactLink {
    /// With whose account.
    #[garde(skip)]
    pub org_id: Uuid,
    /// `line`, `whatsapp` or `messenger`.
    #[garde(custom(a_chat))]
    pub channel: Channel,
}

/// A code: the person writes it to the organisation's account, from the chat that is to be theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ContactLink {
    /// What is written there; it works once.
    #[cfg_attr(feature = "utoipa", schema(example = "LINK-7KQ2-MX4D"))]
    pub code: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// To whom it is written.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub organisation: String,
    /// By what.
    pub channel: Channel,
}

/// Adds a phone; a text message with a code goes there. Sent again for a number that waits for its code, a new one goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddPhone {
    /// By whose account it is written to.
    #[garde(skip)]
    pub org_id: Uuid,
    /// The number with the country (ITU-T E.164); blanks, dashes and brackets do not matter.
    #[garde(length(chars, min = 1, max = 40))]
    #[cfg_attr(feature = "utoipa", schema(example = "+66 81 234 5678"))]
    pub number: String,
}

/// Proves a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmContact {
    /// The six digits of the text message.
    #[garde(length(chars, min = 1, max = 20))]
    #[cfg_attr(feature = "utoipa", schema(example = "492039"))]
    pub code: String,
}

/// The key by which browsers know who notifies (RFC 8292), for `PushManager.subscribe`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct PushKey {
    /// An uncompressed point of P-256, in base64url.
    pub public_key: String,
}

/// A browser's subscription, as the Push API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddBrowser {
    /// Where its push service takes messages: `https`.
    #[garde(length(min = 8, max = 1000), ascii)]
    #[cfg_attr(feature = "utoipa", schema(example = "https://push.demo.example/wpush/v2/0"))]
    pub endpoint: String,
    /// Its public key, in base64url.
    #[garde(length(min = 80, max = 100), ascii)]
    pub p256dh: String,
    /// Its secret, in base64url.
    #[garde(length(min = 20, max = 30), ascii)]
    pub auth: String,
    /// What it is called in the list.
    #[garde(length(chars, min = 1, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Chrome on Windows"))]
    pub label: String,
}

/// A browser's subscription that takes the place of an older one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RenewBrowser {
    /// The endpoint it had.
    #[garde(length(min = 8, max = 1000), ascii)]
    pub old_endpoint: String,
    /// The secret it had: with the endpoint it proves that this is the same browser.
    #[garde(length(min = 20, max = 30), ascii)]
    pub old_auth: String,
    /// The endpoint it has now.
    #[garde(length(min = 8, max = 1000), ascii)]
    pub endpoint: String,
    /// Its public key now, in base64url.
    #[garde(length(min = 80, max = 100), ascii)]
    pub p256dh: String,
    /// Its secret now, in base64url.
    #[garde(length(min = 20, max = 30), ascii)]
    pub auth: String,
}

/// What reaches the person, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct NotificationPreferences {
    /// The topics that concern the person.
    pub topics: Vec<TopicPreference>,
    /// When they want quiet.
    pub quiet_hours: Option<QuietHours>,
}

/// By what the person hears of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TopicPreference {
    /// What it is about.
    pub topic: Topic,
    /// Whether it waits for nothing, not even for the end of quiet hours.
    pub urgent: bool,
    /// Each way there is to a person.
    pub channels: Vec<ChannelPreference>,
}

/// Whether the person hears of a topic by a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ChannelPreference {
    /// By what.
    pub channel: Channel,
    /// Whether they do.
    pub wanted: bool,
    /// Whether that cannot be changed.
    pub always: bool,
}

/// Changes what reaches the person; what is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePreferences {
    /// The changes.
    #[garde(length(min = 1, max = 100), dive)]
    pub changes: Vec<PreferenceChange>,
}

/// Whether the person wants a topic by a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreferenceChange {
    /// What it is about.
    #[garde(skip)]
    pub topic: Topic,
    /// By what.
    #[garde(custom(to_a_person))]
    pub channel: Channel,
    /// Whether it is wanted.
    #[garde(skip)]
    pub wanted: bool,
}

/// When the person wants no noise; the end may lie on the next day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// On whose clock: a name of the IANA time zone database.
    #[garde(length(min = 1, max = 64), ascii)]
    #[cfg_attr(feature = "utoipa", schema(example = "Asia/Bangkok"))]
    pub time_zone: String,
    /// From when: `HH:MM`.
    #[garde(length(chars, max = 10))]
    #[cfg_attr(feature = "utoipa", schema(example = "22:00"))]
    pub begins: String,
    /// Until when: `HH:MM`.
    #[garde(length(chars, max = 10))]
    #[cfg_attr(feature = "utoipa", schema(example = "07:30"))]
    pub ends: String,
}

/// A number as it is kept: `+` and digits (ITU-T E.164: 15 at most). None when it is none, or without its country.
#[must_use]
pub fn e164(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(|c| {
            !(c.is_whitespace() || matches!(c, '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}'))
        })
        .collect();
    let digits = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"))?;
    let right = (8..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0');
    right.then(|| format!("+{digits}"))
}

/// The minute of the day that `HH:MM` names.
#[must_use]
pub fn minute_of_day(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits =
        |part: &str| (part.len() == 2 && part.bytes().all(|c| c.is_ascii_digit())).then(|| part.parse());
    let (hour, minute): (i16, i16) = (two_digits(hour)?.ok()?, two_digits(minute)?.ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// `HH:MM` of a minute of the day.
#[must_use]
pub fn time_of_day(minute: i16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn a_chat(channel: &Channel, _: &()) -> garde::Result {
    match channel {
        Channel::Line | Channel::Whatsapp | Channel::Messenger => Ok(()),
        _ => Err(garde::Error::new("must be line, whatsapp or messenger")),
    }
}

fn to_a_person(channel: &Channel, _: &()) -> garde::Result {
    if channel.to_a_person() { Ok(()) } else { Err(garde::Error::new("must be a way to a person")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_in_one_form() {
        for typed in ["+66812345678", "+66 81 234 5678", "0066 81-234-5678", " +66 (81) 234.5678 "] {
            assert_eq!(e164(typed).as_deref(), Some("+66812345678"), "{typed}");
        }
        for bad in ["0812345678", "+0812345678", "+66 81", "+6681234567890123", "+66 81 abc 5678", "", "+"] {
            assert_eq!(e164(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_are_minutes_of_the_day() {
        assert_eq!((minute_of_day("00:00"), minute_of_day("23:59")), (Some(0), Some(1439)));
        for bad in ["24:00", "7:30", "07:60", "0730", "+7:30", "", "aa:bb"] {
            assert_eq!(minute_of_day(bad), None, "{bad}");
        }
        assert_eq!(time_of_day(7 * 60 + 5), "07:05");
    }
}
