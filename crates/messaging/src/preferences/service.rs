//! The rules of preferences.

use chrono_tz::Tz;
use contract::ErrorCode;
use contract::channels::{Channel, Topic};
use contract::contact_methods::{
    ChannelPreference, NotificationPreferences, PreferenceChange, QuietHours, TopicPreference, minute_of_day,
};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, wanted};

/// The topics that concern a person, each with every way there is to people, and their quiet hours.
pub(super) async fn get(conn: &mut Conn, user: Uuid) -> ApiResult<NotificationPreferences> {
    let said = queries::said(conn, user).await?;
    let staff = queries::is_staff(conn, user).await?;
    let ways = || Channel::ALL.iter().copied().filter(|channel| channel.to_a_person());
    let topics = Topic::ALL.iter().copied().filter(|topic| staff || !topic.for_staff());
    let topics = topics.map(|topic| {
        let way = |channel| ChannelPreference {
            channel,
            wanted: wanted(&said, topic, channel),
            always: topic.always(channel),
        };
        TopicPreference { topic, urgent: topic.urgent(), channels: ways().map(way).collect() }
    });
    Ok(NotificationPreferences { topics: topics.collect(), quiet_hours: queries::quiet(conn, user).await? })
}

/// Changes what reaches a person. `invalid_fields` for what always comes.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    user: Uuid,
    changes: &[PreferenceChange],
) -> ApiResult<NotificationPreferences> {
    let fixed = changes.iter().position(|change| !change.wanted && change.topic.always(change.channel));
    if let Some(at) = fixed {
        let (field, why) = (format!("changes[{at}].wanted"), "This always comes by mail.");
        return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(field, "always", why));
    }
    queries::say(tx, user, changes).await?;
    tx.audit(Change::new(None, "preferences.changed", user).after(json!({"changes": changes})));
    get(tx, user).await
}

/// Sets quiet hours. `invalid_fields` for a zone nobody knows, and for an end that is the beginning.
pub(super) async fn set_quiet(tx: &mut Tx<'_>, user: Uuid, wish: &QuietHours) -> ApiResult<QuietHours> {
    let refusal = |field: &str, code: &str, why: &str| {
        ApiError::new(ErrorCode::InvalidFields).field_fault(field, code, why)
    };
    let zone: Tz = wish
        .time_zone
        .parse()
        .map_err(|_| refusal("time_zone", "unknown_time_zone", "There is no such time zone."))?;
    let minute = |text: &str, field: &str| {
        minute_of_day(text).ok_or_else(|| refusal(field, "not_a_time", "Write a time like 22:00."))
    };
    let (begins, ends) = (minute(&wish.begins, "begins")?, minute(&wish.ends, "ends")?);
    if begins == ends {
        return Err(refusal("ends", "no_time_between", "The end is the beginning."));
    }
    queries::set_quiet(tx, user, zone.name(), (begins, ends)).await?;
    Ok(QuietHours { time_zone: zone.name().to_owned(), ..wish.clone() })
}
